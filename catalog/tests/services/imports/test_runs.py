"""Whole imports: counts that add up, second runs that write nothing, no good row lost."""

import json
from decimal import Decimal

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test.utils import CaptureQueriesContext
from stdnum import ean

from catalog.enums import ImportState
from catalog.models import Book, BookSearchDocument, Contributor, Genre, Work
from catalog.services import books
from catalog.services.imports import runs, writer
from catalog.services.imports.report import Report
from catalog.tests.factories import GenreFactory, InventoryFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]


def isbn(number):
    body = f"978{number:09d}"
    return body + ean.calc_check_digit(body)


def row(number, **fields):
    return {"isbn13": isbn(number), "title": f"Title {number}", "authors": ["Ann Author"]} | fields


@pytest.fixture
def run(tmp_path):
    """Import rows (dicts, or lines as they are); the rejections lie in `run.rejected`."""

    def import_rows(*rows, dry_run=False, batch_size=runs.BATCH):
        path = tmp_path / "books.jsonl"
        lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
        path.write_text("\n".join(lines))
        with path.open("rb") as file:
            done = runs.register_file(
                file=file,
                filename=path.name,
                actor_id=None,
                state=ImportState.CHECKING if dry_run else ImportState.APPLYING,
            )
            runs.go_through(run_id=done.pk, file=file, batch_size=batch_size)
        done.refresh_from_db()
        assert done.state == (ImportState.CHECKED if dry_run else ImportState.DONE)
        import_rows.rejected = list(done.rejections.order_by("row"))
        import_rows.preview = done.preview
        report = Report.of_counts(done.counts)
        assert report.read == done.rows_done == done.counts["total"] == len(rows)
        assert report.rejected == len(import_rows.rejected)
        return report.imported, report.updated, report.unchanged, report.rejected

    return import_rows


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_import_counts_every_row_once_and_again(run, batch_size):
    rows = [
        row(1, tags=["fantasy"], language="eng", year=2001, pages=10, description="A tale"),
        row(2, isbn13=""),
        row(3, authors=["Ann Author", "Bob Writer"], publisher="House"),
        "{broken",
        row(4, title=""),
        row(5, title="Five (Numbers, #5)"),
    ]
    assert run(*rows, batch_size=batch_size) == (3, 0, 0, 3)
    assert [(each.row, each.isbn, each.code) for each in run.rejected] == [
        (2, "", "ISBN_MISSING"),
        (4, "", "ROW_MALFORMED"),
        (5, isbn(4), "TITLE_MISSING"),
    ]
    five = Book.objects.get(isbn13=isbn(5))
    assert (five.title, five.series.name, five.series_number) == ("Five", "Numbers", "5")
    three = Book.objects.get(isbn13=isbn(3))
    assert (three.sort_author, three.publisher.name) == ("author ann", "House")
    assert list(three.credits.order_by("position").values_list("contributor__name", flat=True)) == [
        "Ann Author",
        "Bob Writer",
    ]
    assert [genre.slug for genre in Book.objects.get(isbn13=isbn(1)).genres.all()] == ["fantasy"]
    assert Genre.objects.get(slug="fantasy").parent.slug == "fiction"
    assert (
        BookSearchDocument.objects.filter(document=SearchQuery("tale", config="book_text")).count()
        == 1
    )
    versions = list(Book.objects.values_list("version", flat=True))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert run(*rows, batch_size=batch_size) == (0, 0, 3, 3)
    said = [each["sql"] for each in seen if "catalog_import" not in each["sql"]]
    wrote = [sql for sql in said if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    locked = [sql for sql in said if "FOR NO KEY UPDATE" in sql]
    assert (wrote, locked) == ([], [])
    assert list(Book.objects.values_list("version", flat=True)) == versions == [1, 1, 1]


def test_import_updates_what_the_row_says_and_erases_nothing(run):
    genre = GenreFactory(slug="fantasy")
    run(row(1, price="49.90", description="A tale", genres=["fantasy"], pages=100, language="en"))
    book = Book.objects.get()
    stock = InventoryFactory(book=book, quantity=3)
    assert run(row(1, title="Another title", authors=["Bob Writer"])) == (0, 1, 0, 0)
    book = Book.objects.get()
    stock.refresh_from_db()
    assert (book.title, book.slug, book.sort_author) == (
        "Another title",
        "another-title",
        "writer bob",
    )
    assert (book.price, book.description, book.pages, book.language) == (
        Decimal("49.90"),
        "A tale",
        100,
        "en",
    )
    assert (list(book.genres.all()), book.is_in_stock, stock.quantity) == ([genre], True, 3)
    assert (book.version, book.credits.count()) == (2, 1)
    found = BookSearchDocument.objects.filter(document=SearchQuery("another", config="book_text"))
    assert found.count() == 1
    assert run(row(1, title="Another title", authors=["Bob Writer"])) == (0, 0, 1, 0)


def test_import_of_an_isbn_twice_in_one_file(run):
    assert run(row(1), row(1), row(1, title="Changed")) == (1, 1, 1, 0)
    assert Book.objects.get().title == "Changed"


def test_import_rejects_a_withdrawn_book_and_leaves_it(run):
    run(row(1))
    books.withdraw_book(book_id=Book.objects.get().pk, actor_id=None)
    assert run(row(1, title="Changed"), row(2)) == (1, 0, 0, 1)
    assert [(each.row, each.code) for each in run.rejected] == [(1, "BOOK_WITHDRAWN")]
    assert Book.objects.get(isbn13=isbn(1)).title == "Title 1"


def test_import_row_that_the_database_refuses_takes_no_other_with_it(run, monkeypatch):
    monkeypatch.setattr(writer, "make_plans", _with_a_negative_price(writer.make_plans, isbn(2)))
    assert run(row(1), row(2), row(3)) == (2, 0, 0, 1)
    assert [(each.row, each.code) for each in run.rejected] == [(2, "ROW_REFUSED")]
    assert list(Book.objects.order_by("isbn13").values_list("isbn13", flat=True)) == [
        isbn(1),
        isbn(3),
    ]


def _with_a_negative_price(make_plans, isbn13):
    """A fault that validation did not foresee."""

    def make(records, works, **options):
        plans = make_plans(records, works, **options)
        for plan in plans:
            if plan.book.isbn13 == isbn13:
                plan.book.price = Decimal(-1)
        return plans

    return make


def test_import_joins_editions_by_the_work_key_in_any_batch(run):
    rows = [
        row(1, work="emma", first_published=1815),
        row(2, work="emma"),
        row(3),
        row(4, work="emma", first_published=1816),
    ]
    assert run(*rows, batch_size=2) == (4, 0, 0, 0)
    work = Book.objects.get(isbn13=isbn(1)).work
    assert (work.editions.count(), work.first_published_year) == (3, 1815)
    assert run(*rows, batch_size=3) == (0, 0, 4, 0)
    assert Work.objects.count() == 2


def test_import_joins_a_book_that_stood_alone(run):
    run(row(1), row(2))
    assert run(row(1, work="emma", first_published=1815), row(2, work="emma")) == (0, 2, 0, 0)
    assert Work.objects.get().first_published_year == 1815
    assert run(row(1, work="emma", first_published=1815), row(2, work="emma")) == (0, 0, 2, 0)


def test_import_corrects_the_year_of_a_work(run):
    run(row(1, first_published=1815))
    assert run(row(1, first_published=1816)) == (0, 1, 0, 0)
    assert Work.objects.get().first_published_year == 1816


def test_import_dry_run_says_what_would_happen_and_keeps_nothing(run):
    run(row(1))
    entries = AuditEntry.objects.count()
    assert run(row(1, title="Changed"), row(2, authors=["New"]), dry_run=True) == (1, 1, 0, 0)
    assert Book.objects.get().title == "Title 1"
    assert Contributor.objects.filter(name="New").count() == 0
    assert AuditEntry.objects.count() == entries


def test_import_audits_each_batch_that_changed_something(run):
    run(row(1), row(2), row(3), batch_size=2)
    entries = AuditEntry.objects.filter(action="catalogue.imported").order_by("id")
    assert [entry.context for entry in entries] == [
        {"imported": 2, "updated": 0},
        {"imported": 1, "updated": 0},
    ]
    assert entries[0].entity_id == entries[1].entity_id
    assert len(entries[0].new_value["book_ids"]) == 2


def test_import_ignores_a_genre_that_is_nowhere_or_withdrawn(run):
    GenreFactory(slug="old", deleted_at="2026-01-01T00:00:00Z")
    run(row(1, genres=["nowhere", "old"]))
    assert Book.objects.get().genres.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_import_statements_do_not_grow_with_the_batch(run, number, django_assert_num_queries):
    fields = {"publisher": "House", "genres": ["fantasy"], "series": {"name": "S", "number": "1"}}
    GenreFactory(slug="fantasy")
    # What is there, the names (found, made, found again), works, books, credits and genres
    # (deleted and inserted), index, audit; a batch of new books locks nothing. Around them the
    # run: made, taken up, moved on and ended.
    with django_assert_num_queries(40):
        run(*[row(each, **fields) for each in range(number)])
