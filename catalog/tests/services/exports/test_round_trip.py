"""What was exported comes back as it was, whatever its texts look like (CATL-06)."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from catalog.models import Book
from catalog.services.exports import files
from catalog.tests.services.exports.shelf import awkward_books, facts
from core import tables

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
FORMATS = pytest.mark.parametrize("file_format", files.FORMATS)


@pytest.fixture
def shelf(tmp_path, file_format):
    # The import repairs publishers' messages, ours among them; our own files need no repair.
    awkward_books(damaged=file_format != "onix")
    return tmp_path


def exported(folder, file_format):
    path = folder / f"books.{file_format}"
    files.write_file(path=path, books=Book.objects.all(), file_format=file_format)
    return path


def imported(path):
    said = StringIO()
    call_command("import_books", str(path), stdout=said)
    lines = (line.split() for line in said.getvalue().splitlines())
    return {line[0]: int(line[1]) for line in lines if len(line) == 2}


def differing(before, after):
    """Return what is not the same, by ISBN and fact."""
    return {
        isbn13: {
            name: (known, after[isbn13][name])
            for name, known in facts_of.items()
            if known != after[isbn13][name]
        }
        for isbn13, facts_of in before.items()
        if facts_of != after[isbn13]
    }


def wipe():
    """Leave genres and branches only, as a new shop has them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "TRUNCATE catalog_book, catalog_work, catalog_contributor, catalog_publisher,"
            " catalog_series CASCADE"
        )


@FORMATS
def test_export_read_again_changes_nothing(file_format, shelf):
    before = facts()
    counts = imported(exported(shelf, file_format))
    assert differing(before, facts()) == {}
    assert counts == {"read": 40, "imported": 0, "updated": 0, "unchanged": 40, "rejected": 0}


@pytest.mark.parametrize("file_format", ["xlsx"])
def test_workbook_of_several_sheets_comes_back_whole(file_format, shelf, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 12)
    counts = imported(exported(shelf, file_format))
    assert (counts["read"], counts["unchanged"]) == (40, 40)


@FORMATS
def test_export_into_an_empty_catalogue_makes_the_same_again(file_format, shelf):
    before = facts()
    path = exported(shelf, file_format)
    wipe()
    counts = imported(path)
    assert counts == {"read": 40, "imported": 40, "updated": 0, "unchanged": 0, "rejected": 0}
    assert differing(before, facts()) == {}
