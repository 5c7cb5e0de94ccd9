"""The demo's books, where copies of them stand, and what its booksellers recommend."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalog.models import Book, Branch, Genre
from catalog.services import genres, stock
from catalog.services.imports import runs
from engagement.models import StaffPick

_DATA = Path(__file__).resolve().parent / "data"


class BrokenData(Exception):
    """The demo's own file has a row that cannot be imported."""


def genre_entries() -> list[dict[str, Any]]:
    """Return the tree of genres as the file has it, parents first."""
    return json.loads((_DATA / "genres.json").read_text(encoding="utf-8"))


def book_entries() -> Iterator[dict[str, Any]]:
    """Yield the books as the file has them."""
    with (_DATA / "books.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def add_genres() -> None:
    """Add the genres that are not there yet; parents come first in the file."""
    ids = dict(Genre.objects.values_list("slug", "pk"))
    for entry in genre_entries():
        if entry["slug"] not in ids:
            genre = genres.create_genre(
                name=entry["name"],
                slug=entry["slug"],
                parent_id=ids[entry["parent"]] if entry["parent"] else None,
                position=entry["position"],
                actor_id=None,
            )
            ids[genre.slug] = genre.pk


def add_books() -> None:
    """Import the demo's books as any feed is imported; raise `BrokenData` for a rejected row."""
    run = runs.import_file(path=_DATA / "books.jsonl", actor_id=None)
    broken = run.rejections.exclude(code="BOOK_WITHDRAWN")
    told = "\n".join(f"line {row.row}: {row.reason}" for row in broken)
    # The demo says itself what it brought in.
    run.delete()
    if told:
        raise BrokenData(told)


def add_stock() -> None:
    """Bring in first copies of the demo's books, the same on every machine."""
    isbns = [row["isbn13"] for row in book_entries()]
    books = Book.objects.filter(isbn13__in=isbns).values_list("pk", "isbn13").order_by("pk")
    branches = list(Branch.objects.values_list("pk", "slug", "is_warehouse").order_by("pk"))
    stock.receive_opening_stock(
        rows=[
            (book_id, branch_id, copies_of(isbn13, slug, is_warehouse=is_warehouse))
            for book_id, isbn13 in books
            for branch_id, slug, is_warehouse in branches
        ]
    )


def copies_of(isbn13: str, branch: str, *, is_warehouse: bool) -> int:
    """Return how many copies a branch begins with.

    Of a hundred books six are nowhere, eight only in the shops, five have one copy in the
    warehouse and no other; the rest have plenty there and some, one or none in each shop.
    """
    kind, amount = _number(isbn13) % 100, _number(f"{isbn13} {branch}") % 1_000
    if kind < 6:
        return 0
    if is_warehouse:
        return 0 if kind < 14 else 1 if kind < 19 else 3 + amount % 38
    if 14 <= kind < 19 or amount < 350:
        return 0
    return 1 if amount < 500 else 2 + amount % 7


def add_staff_picks() -> None:
    """Add the booksellers' recommendations that are not there yet."""
    branches = dict(Branch.objects.values_list("slug", "pk"))
    for entry in json.loads((_DATA / "picks.json").read_text(encoding="utf-8")):
        book = Book.objects.listed().filter(isbn13=entry["isbn13"]).first()
        if book is not None:
            StaffPick.objects.get_or_create(
                book=book,
                bookseller=entry["bookseller"],
                defaults={
                    "note": entry["note"],
                    "branch_id": branches.get(entry["branch"]),
                    "position": entry["position"],
                    "picked_on": timezone.localdate(),
                },
            )


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
