"""Titles to sell: the demo shop's own books, multiplied into a catalogue of any size."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stdnum import ean

from benchmarks.environment import ROOT

DEMO = ROOT / "bookstore" / "demo" / "data"


def write_titles(path: Path, count: int) -> None:
    """Write `count` books as JSON lines, as `import_books` reads them.

    The demo's books come first as they are. Those that follow mix one book's title with another's
    authors and a third one's description and get ISBNs of their own, so that words are as rare
    and as common as in a real catalogue of that size.
    """
    with (DEMO / "books.jsonl").open() as file:
        books = [json.loads(line) for line in file]
    with path.open("w") as output:
        for book in _multiplied(books, count):
            output.write(json.dumps(book) + "\n")


def _multiplied(books: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    size = len(books)
    for number in range(count):
        round_, place = divmod(number, size)
        book = dict(books[place])
        if round_:
            book["isbn13"] = _isbn13(number)
            book["work"] = f"{book['work']}-{round_}"
            book["title"] = f"{book['title']}, {books[(place + 3 * round_) % size]['title']}"
            book["contributors"] = books[(place + round_) % size]["contributors"]
            book["description"] = books[(place + 2 * round_) % size]["description"]
        yield book


def _isbn13(number: int) -> str:
    """Return a number that is well-formed and belongs to no publisher."""
    body = f"9799{number:08d}"
    return body + ean.calc_check_digit(body)
