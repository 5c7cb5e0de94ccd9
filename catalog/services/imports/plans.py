"""What a batch of records would change, worked out against the rows that are there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog import text
from catalog.enums import ContributorRole
from catalog.models import Book, BookContributor, BookGenre, Contributor, Work
from catalog.services import names
from catalog.services.imports import subjects
from catalog.services.imports.records import BookRecord

COLUMNS = (
    *("title", "subtitle", "sort_title", "sort_author", "slug", "description", "price"),
    *("publisher_id", "published_on", "published_precision", "language", "format", "pages"),
    *("series_id", "series_number", "work_id"),
)
# Taken over as they are when the record says something.
_AS_GIVEN = ("title", "subtitle", "description", "language", "format", "pages", "price")


@dataclass(slots=True)
class Plan:
    """A record, its book as it shall be, and what of it has to be written.

    `credits` and `genres` are None when they stay; `work` is a new or changed work. `before` is
    what the book was: its COLUMNS and, by their ids, `credits` and `genres`; empty for a new one.
    """

    record: BookRecord
    book: Book
    before: dict[str, Any] = field(default_factory=dict)
    is_changed: bool = False
    credits: list[tuple[int, str]] | None = None
    genres: set[int] | None = None
    work: Work | None = None
    left_work: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether the book is not there yet."""
        return self.book.pk is None

    @property
    def is_withdrawn(self) -> bool:
        """Whether the book was withdrawn, so that an import must not touch it."""
        return self.book.deleted_at is not None


@dataclass
class _Names:
    people: dict[str, Contributor]
    publishers: dict[str, int]
    series: dict[str, int]
    genres: dict[str, int]


@dataclass
class _Known:
    """What the database has of a batch, by ISBN or book id."""

    books: dict[str, Book]
    credits: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    genres: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def make_plans(records: Sequence[BookRecord], works: dict[str, Work]) -> list[Plan]:
    """Return a plan for each record; makes the people, publishers, series and genres they name.

    `works` holds the works of this file's `work` keys and is added to. Joins the caller's
    transaction; a constant number of statements.
    """
    known = _known_books(records)
    named = _named(records)
    for record in records:
        book = known.books.get(record.isbn13)
        if record.work and book and book.deleted_at is None:
            works.setdefault(record.work, book.work)
    return [_plan(record, known, named, works) for record in records]


def _known_books(records: Sequence[BookRecord]) -> _Known:
    found = Book.objects.filter(isbn13__in=[record.isbn13 for record in records])
    known = _Known({book.isbn13: book for book in found.select_related("work")})
    ids = [book.pk for book in known.books.values()]
    if ids:
        rows = BookContributor.objects.filter(book_id__in=ids).order_by("position", "pk")
        for book_id, person, role in rows.values_list("book_id", "contributor_id", "role"):
            known.credits[book_id].append((person, role))
        links = BookGenre.objects.filter(book_id__in=ids)
        for book_id, genre_id in links.values_list("book_id", "genre_id"):
            known.genres[book_id].add(genre_id)
    return known


def _named(records: Sequence[BookRecord]) -> _Names:
    publishers = names.ensure_publishers(_given(record.publisher for record in records))
    series = names.ensure_series(_given(record.series for record in records))
    return _Names(
        people=names.ensure_contributors(
            name for record in records for name, _role in record.credits
        ),
        publishers={name: row.pk for name, row in publishers.items()},
        series={name: row.pk for name, row in series.items()},
        genres=subjects.ensure_genres(slug for record in records for slug in record.genres),
    )


def _given(values: Iterable[str]) -> list[str]:
    return [value for value in values if value]


def _plan(record: BookRecord, known: _Known, named: _Names, works: dict[str, Work]) -> Plan:
    book = known.books.get(record.isbn13) or Book(isbn13=record.isbn13)
    plan = Plan(record, book)
    if plan.is_withdrawn:
        return plan
    if not plan.is_new:
        plan.before = {name: getattr(book, name) for name in COLUMNS} | {
            "credits": known.credits.get(book.pk, []),
            "genres": known.genres.get(book.pk, set()),
        }
    _put_columns(book, record, named)
    if record.credits:
        wanted = [(named.people[name].pk, role) for name, role in record.credits]
        book.sort_author = _first_author(record, named).sort_name
        plan.credits = wanted if wanted != plan.before.get("credits") else None
    genres = {named.genres[slug] for slug in record.genres if slug in named.genres}
    if genres and genres != plan.before.get("genres"):
        plan.genres = genres
    _put_work(plan, works)
    plan.is_changed = (
        plan.is_new
        or plan.credits is not None
        or plan.genres is not None
        or plan.work is not None
        or any(plan.before[name] != getattr(book, name) for name in COLUMNS)
    )
    return plan


def _put_columns(book: Book, record: BookRecord, named: _Names) -> None:
    for name in _AS_GIVEN:
        value = getattr(record, name)
        if value not in ("", None):
            setattr(book, name, value)
    book.sort_title = text.sort_title_of(book.title, book.language)
    book.slug = text.slug_of(book.title, otherwise="book")
    if record.publisher:
        book.publisher_id = named.publishers[record.publisher]
    if record.published_on:
        book.published_on = record.published_on
        book.published_precision = record.published_precision
    if record.series:
        book.series_id = named.series[record.series]
        book.series_number = record.series_number


def _first_author(record: BookRecord, named: _Names) -> Contributor:
    authors = [name for name, role in record.credits if role == ContributorRole.AUTHOR]
    return named.people[authors[0] if authors else record.credits[0][0]]


def _put_work(plan: Plan, works: dict[str, Work]) -> None:
    """Join the work of the record's key, or keep the book's own; a new one waits in the plan."""
    book, record = plan.book, plan.record
    shared = works.get(record.work) if record.work else None
    work = shared or (book.work if book.work_id else None)
    if work is None:
        work = Work(title=record.work_title or record.title)
        if record.work:
            works[record.work] = work
    if book.work_id and book.work_id != work.pk:
        plan.left_work = book.work_id
    year = record.first_published_year
    # Editions that share a work may disagree: then the first to speak is believed.
    if (
        year
        and work.first_published_year != year
        and not (record.work and work.first_published_year)
    ):
        work.first_published_year = year
        plan.work = work
    book.work = work
    if work.pk is None:
        plan.work = work
