"""The command that puts the catalogue into a file (CATL-06)."""

import datetime as dt
import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import Book
from catalog.selectors import exports
from catalog.services.exports import texts
from catalog.tests.factories import BookFactory, GenreFactory, InventoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]


def said_by(*arguments):
    said = StringIO()
    call_command("export_books", *map(str, arguments), stdout=said, stderr=StringIO())
    return said.getvalue()


def titles(path):
    return [json.loads(line)["title"] for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("books.csv", b"\xef\xbb\xbfisbn13,title"),
        ("books.XLSX", b"PK"),
        ("books.jsonl", b'{"isbn13": "'),
        ("books.xml", b"<?xml"),
    ],
)
def test_export_books_tells_the_format_by_the_name(name, beginning, tmp_path):
    BookFactory()
    path = tmp_path / name
    assert said_by(path) == f"1 books written to {path}\n"
    assert path.read_bytes().startswith(beginning)


def test_export_books_packs_what_ends_in_gz_the_same_each_time(tmp_path):
    BookFactory(title="Emma")
    first, second = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    said_by(first)
    said_by(second)
    assert json.loads(gzip.decompress(first.read_bytes()))["title"] == "Emma"
    assert first.read_bytes() == second.read_bytes()


def test_export_books_narrows(tmp_path):
    fiction = GenreFactory(slug="fiction")
    crime = GenreFactory(parent=fiction)
    BookFactory(title="Withdrawn", genres=[crime], deleted_at=timezone.now())
    BookFactory(title="Elsewhere")
    old = BookFactory(title="Old", genres=[fiction])
    stocked = BookFactory(title="Stocked", genres=[crime])
    InventoryFactory(book=stocked)
    Book.objects.filter(pk=old.pk).update(updated_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    path = tmp_path / "books.jsonl"
    said_by(path)
    assert titles(path) == ["Elsewhere", "Old", "Stocked"]
    said_by(path, "--genre", "fiction")
    assert titles(path) == ["Old", "Stocked"]
    said_by(path, "--genre", "fiction", "--changed-since", "2026-01-02")
    assert titles(path) == ["Stocked"]
    said_by(path, "--changed-since", "2026-01-01T02:00")  # Jerusalem's: midnight in UTC
    assert titles(path) == ["Elsewhere", "Old", "Stocked"]
    said_by(path, "--in-stock")
    assert titles(path) == ["Stocked"]


def test_export_books_of_an_empty_catalogue_is_whole(tmp_path):
    path = tmp_path / "books.csv"
    assert said_by(path).startswith("0 books written")
    assert path.read_text("utf-8-sig").startswith("isbn13,title,")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["books.data"], "give --format"),
        (["books.csv", "--changed-since", "yesterday"], "is no date"),
        (["books.csv", "--changed-since", "2026-02-30"], "is no date"),
        (["books.csv", "--genre", "no-such-genre"], "could not find this genre"),
        (["books.csv", "--with-withdrawn"], "Only ONIX"),
        (["no/folder/books.csv"], "could not be written"),
        (["folder.csv"], "could not be written"),
    ],
)
def test_export_books_says_what_is_wrong(arguments, sentence, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(CommandError, match=sentence):
        said_by(tmp_path / arguments[0], *arguments[1:])
    assert [each.name for each in tmp_path.iterdir()] == ["folder.csv"]


def test_export_that_breaks_off_leaves_the_old_file(tmp_path, monkeypatch):
    """Not even a moment of half a file: it is written under another name."""
    BookFactory.create_batch(2)
    path = tmp_path / "books.jsonl"
    path.write_text("old")
    seen = []

    def fail(record):
        seen.append(len(list(tmp_path.iterdir())))
        raise OSError("disk full")

    monkeypatch.setattr(texts.rows, "fields_of", fail)
    with pytest.raises(CommandError, match="disk full"):
        said_by(path)
    assert seen == [2]
    assert [each.name for each in tmp_path.iterdir()] == ["books.jsonl"]
    assert path.read_text() == "old"


def test_batches_hold_no_transaction_and_ask_little(django_assert_num_queries, transactional_db):
    BookFactory.create_batch(4, genres=[GenreFactory()], authors=["Ann Author"])
    InventoryFactory()
    books = Book.objects.listed()
    with django_assert_num_queries(3 + 3 * 4):
        batches = list(exports.record_batches(books, size=2))
    assert [len(batch) for batch in batches] == [2, 2, 1]
    numbers = [record.isbn13 for batch in batches for record in batch]
    assert sorted(numbers) == sorted(Book.objects.values_list("isbn13", flat=True))
