"""The command that brings in books."""

import csv
import gzip
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.management.commands.import_books import FIELDS
from catalog.models import Book, ImportRun

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]

CSV = """isbn,isbn13,authors,original_publication_year,title,language_code
439023483,9.78043902348e+12,Suzanne Collins,2008.0,"The Hunger Games (The Hunger Games, #1)",eng
,,Nobody,2000.0,No number,eng
=1+1,,Somebody,2000.0,Bad number,eng
"""


def said_by(*arguments):
    said = StringIO()
    call_command("import_books", *map(str, arguments), stdout=said)
    return said.getvalue().splitlines()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "books.csv.gz"
    path.write_bytes(gzip.compress(CSV.encode()))
    return path


def test_import_books_prints_counts_and_writes_the_report(file, tmp_path):
    report = tmp_path / "report.csv"
    assert said_by(file, "--report", report) == [
        "read              3",
        "imported          1",
        "updated           0",
        "unchanged         0",
        "rejected          2",
        "Rejected: ISBN_INVALID 1",
        "Rejected: ISBN_MISSING 1",
        "Repaired: ISBN_PADDED 1",
        "Repaired: SERIES_FROM_TITLE 1",
    ]
    assert Book.objects.get().title == "The Hunger Games"
    assert list(csv.reader(report.read_text("utf-8-sig").splitlines())) == [
        ["row", "isbn", "code", "reason"],
        ["3", "", "ISBN_MISSING", "The row has no ISBN."],
        ["4", "'=1+1", "ISBN_INVALID", "The ISBN's check digit or length is wrong."],
    ]


def test_import_books_says_how_to_see_rejected_rows(file, tmp_path):
    hint = "With --report FILE.csv each rejected row is named with its reason."
    assert said_by(file)[-1] == hint
    whole = tmp_path / "whole.jsonl"
    whole.write_text('{"isbn13": "9780140449136", "title": "A"}')
    assert hint not in said_by(whole)


def test_import_books_lists_fields_that_are_read(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text(
        "isbn13,title,subtitle,authors,publisher,published_on,language,format,pages,price,series,"
        "series_number,description,first_published\n"
        "9780140449136,Crime,And,Ann Author; Bo Author,House,2003-01-30,en,PAPERBACK,9,12.50,"
        "Set,2,Long,1866\n"
    )
    assert set(path.read_text().split("\n")[0].split(",")) <= set(re.findall(r"\w+", FIELDS))
    said_by(path)
    book = Book.objects.select_related("work", "publisher", "series").get()
    assert [credit.contributor.name for credit in book.credits.order_by("position")] == [
        "Ann Author",
        "Bo Author",
    ]
    assert (book.subtitle, book.publisher.name, str(book.published_on)) == (
        "And",
        "House",
        "2003-01-30",
    )
    assert (book.language, book.format, book.pages, str(book.price)) == (
        "en",
        "PAPERBACK",
        9,
        "12.50",
    )
    assert (book.series.name, book.series_number, book.description) == ("Set", "2", "Long")
    assert book.work.first_published_year == 1866


def test_import_books_dry_run_keeps_nothing(file):
    assert said_by(file, "--dry-run")[:3] == [
        "Dry run: nothing was kept.",
        "read              3",
        "imported          1",
    ]
    assert Book.objects.count() == 0


def test_import_books_tells_the_format_by_the_content(tmp_path):
    path = tmp_path / "books.csv"
    path.write_text('{"isbn13": "9780439023481", "title": "A"}')
    with pytest.raises(CommandError, match="must name the columns"):
        said_by(path, "--format", "csv")
    assert said_by(path)[1] == "imported          1"


def test_import_books_says_when_a_file_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match="could not be read"):
        said_by(tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="could not be read"):
        said_by(tmp_path / "missing.csv", "--report", tmp_path / "no" / "folder.csv")


def test_import_books_takes_nothing_of_a_cut_off_file(tmp_path):
    lines = "".join(
        f'{{"isbn13": "{isbn}", "title": "A"}}\n' for isbn in ("9780439023481", "9780140449136")
    )
    path = tmp_path / "books.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode())[:-8])
    with pytest.raises(CommandError, match="could not be read: The file is damaged"):
        said_by(path, "--batch-size", "1")
    assert Book.objects.count() == 0


def test_two_gigabytes_without_a_product_are_refused_on_sight(tmp_path):
    """What nobody could read is not summed up first: a few megabytes of it are looked at."""
    path = tmp_path / "endless.xml"
    with path.open("wb") as file:
        file.write(b'<ONIXMessage release="3.0"><Header><SenderName>')
        file.truncate(2_000_000_000)  # NULs that take no room on the disk
        file.seek(47)
        file.write(b"a" * 10_000_000)
    read = _bytes_read()

    with pytest.raises(CommandError, match="could not be read"):
        call_command("import_books", str(path))

    assert _bytes_read() - read < 50_000_000
    assert not ImportRun.objects.exists()


def _bytes_read():
    """How much this process has read so far, by Linux's own books."""
    told = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(told["rchar"])
