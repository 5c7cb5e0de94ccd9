"""Everything that the page of one book shows, in a constant seven queries."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils import timezone

from catalog.enums import BookFormat
from catalog.errors import BookNotFound, BookWithdrawn
from catalog.selectors import book_records, book_versions, books, contributors, genres
from catalog.selectors.book_records import BookRecord
from catalog.selectors.books import BookCard, Credit
from catalog.selectors.genres import GenreLink
from core.rows import fetch_rows

MOST_MORE = 6
_BOOK = f"""
    SELECT {book_records.RECORD_COLUMNS}, work.first_published_year,
           book.attributes, book.updated_at,
           (SELECT credit.contributor_id FROM catalog_bookcontributor credit
             WHERE credit.book_id = book.id
             ORDER BY credit.role <> 'AUTHOR', credit.position, credit.id LIMIT 1)
      FROM {book_records.RECORD_TABLES} JOIN catalog_work work ON work.id = book.work_id
     WHERE book.id = %s
"""  # noqa: S608  # only constants
_AVAILABILITY = """
    SELECT branch.id, branch.name, branch.slug, branch.is_warehouse, coalesce(stock.quantity, 0)
      FROM catalog_branch branch
      LEFT JOIN catalog_inventory stock ON stock.branch_id = branch.id AND stock.book_id = %s
     WHERE branch.is_active AND branch.deleted_at IS NULL
     ORDER BY branch.is_warehouse DESC, branch.name, branch.id
"""
# A prolific author's newest are enough to choose from; a series has an end.
_RELATED = f"""
    SELECT 'edition', book.work_id, publisher.name, {book_versions.COLUMNS}
      FROM catalog_book book LEFT JOIN catalog_publisher publisher ON publisher.id = publisher_id
     WHERE book.work_id = %(work)s AND book.deleted_at IS NULL
    UNION ALL
    (SELECT 'series', book.work_id, book.series_number, {book_versions.COLUMNS}
       FROM catalog_book book
      WHERE book.series_id = %(series)s AND book.deleted_at IS NULL
      ORDER BY book.language = %(language)s DESC, book.format = %(format)s DESC,
               book.is_in_stock DESC, book.id
      LIMIT 500)
    UNION ALL
    (SELECT 'author', book.work_id, '', {book_versions.COLUMNS}
       FROM catalog_bookcontributor credit JOIN catalog_book book ON book.id = credit.book_id
      WHERE credit.contributor_id = %(author)s AND credit.role = 'AUTHOR'
        AND book.deleted_at IS NULL AND book.work_id <> %(work)s
      ORDER BY book.is_in_stock DESC, book.published_on DESC NULLS LAST, book.id DESC
      LIMIT 40)
"""  # noqa: S608  # only constants


@dataclass(frozen=True)
class BranchStock:
    """Copies of a book in one active branch."""

    id: int
    name: str
    slug: str
    is_warehouse: bool
    quantity: int


@dataclass(frozen=True)
class Edition(BookCard):
    """An edition of the same work as the page's book."""

    publisher: str | None


@dataclass(frozen=True)
class BookPage:
    """A book and what belongs around it.

    `breadcrumb` leads from the top genre to the book's first one. `editions` are all of the same
    work, this one among them. `attributes` are facts that have no column. `previous` and `next` are
    its neighbours in the series.
    """

    book: BookRecord
    first_published_year: int | None
    attributes: dict[str, str]
    breadcrumb: list[GenreLink]
    availability: list[BranchStock]
    editions: list[Edition]
    previous: BookCard | None
    next: BookCard | None
    more_by_author: list[BookCard]

    @property
    def author(self) -> Credit | None:
        """Whose other books `more_by_author` are."""
        return self.book.authors[0] if self.book.authors else None


@dataclass(frozen=True)
class BookLook:
    """A book as four queries see it: all that its page depends on, not yet all that it shows.

    `ingredients` are equal as long as the page would be. `record` names nobody who made it.
    """

    row: tuple[Any, ...]
    record: BookRecord
    first_published_year: int | None
    attributes: str
    genres_around: dict[int, GenreLink]
    availability: list[BranchStock]
    related: list[tuple[Any, ...]]

    @property
    def ingredients(self) -> tuple[Any, ...]:
        """What the page is made of, of the same day."""
        own = self.record.genres
        depends_on = (self.row, own, self.genres_around, self.availability, self.related)
        return (timezone.localdate(), *depends_on)


@dataclass(frozen=True)
class _Related:
    publishers: dict[int, str | None]  # of each edition
    previous: int | None
    next: int | None
    more: list[int]


def look(book_id: int) -> BookLook:
    """Look at a book (four queries); raise `BookNotFound` or `BookWithdrawn`."""
    rows = fetch_rows(_BOOK, [book_id])
    if not rows:
        raise BookNotFound
    *columns, first_published_year, attributes, _updated_at, author_id = rows[0]
    own, around = genres.genres_of_book(book_id)
    availability = [BranchStock(*row) for row in fetch_rows(_AVAILABILITY, [book_id])]
    book = book_records.record_of(
        tuple(columns),
        credits=(),
        genres=tuple(own),
        stock_quantity=sum(branch.quantity for branch in availability),
    )
    if book.deleted_at is not None:
        raise BookWithdrawn(book_id=book_id)
    return BookLook(
        row=rows[0],
        record=book,
        first_published_year=first_published_year,
        attributes=attributes,
        genres_around=around,
        availability=availability,
        related=_related_rows(book, author_id),
    )


def book_page(book_id: int) -> BookPage:
    """Return a book's page (seven queries); raise `BookNotFound` or `BookWithdrawn`."""
    return page_of(look(book_id))


def page_of(seen: BookLook) -> BookPage:
    """Return the page of a book that was looked at (three queries more)."""
    credits_ = books.credits_of([seen.record.id]).get(seen.record.id, ())
    book = replace(seen.record, credits=credits_)
    related = _related(book, seen.related)
    ids = [*related.publishers, *related.more, related.previous, related.next]
    cards = {card.id: card for card in books.cards_by_ids([id_ for id_ in ids if id_])}
    return BookPage(
        book=book,
        first_published_year=seen.first_published_year,
        attributes=json.loads(seen.attributes),
        breadcrumb=genres.path_to(book.genres[0], seen.genres_around) if book.genres else [],
        availability=seen.availability,
        editions=sorted(
            (
                _edition(cards[id_], publisher)
                for id_, publisher in related.publishers.items()
                if id_ in cards
            ),
            key=_shelf_order,
        ),
        previous=cards.get(related.previous or 0),
        next=cards.get(related.next or 0),
        more_by_author=[cards[id_] for id_ in related.more if id_ in cards],
    )


def book_page_by_isbn(isbn: str) -> BookPage:
    """Return the page of the book with this ISBN-10 or -13; raises as `book_page` does."""
    return book_page(books.id_of_isbn(isbn))


def _edition(card: BookCard, publisher: str | None) -> Edition:
    facts = {each.name: getattr(card, each.name) for each in fields(card)}
    return Edition(**facts, publisher=publisher)


def _related_rows(book: BookRecord, author_id: int | None) -> list[tuple[Any, ...]]:
    return fetch_rows(
        _RELATED,
        {
            "work": book.work_id,
            "series": book.series_id,
            "language": book.language,
            "format": book.format,
            "author": author_id,
        },
    )


def _related(book: BookRecord, rows: list[tuple[Any, ...]]) -> _Related:
    series = [(id_, work, number) for kind, work, number, id_, *_ in rows if kind == "series"]
    previous, following = _neighbours(book, series)
    more: dict[int, int] = {}
    for kind, work, _number, id_, *_ in rows:
        if kind == "author" and id_ not in (previous, following):
            more.setdefault(work, id_)
    publishers = {id_: name for kind, _work, name, id_, *_ in rows if kind == "edition"}
    return _Related(publishers, previous, following, list(more.values())[:MOST_MORE])


def _neighbours(
    book: BookRecord, series: Iterable[tuple[int, int, str]]
) -> tuple[int | None, int | None]:
    """Return the ids before and after a book; of each work the edition most like this one."""
    here = contributors.number_in_series(book.series_number)
    works: dict[int, tuple[tuple[float, str], int]] = {}
    for id_, work, number in series:
        works.setdefault(work, (contributors.number_in_series(number), id_))
    works.pop(book.work_id, None)
    numbered = sorted(entry for entry in works.values() if entry[0][0] != float("inf"))
    before = [id_ for number, id_ in numbered if number < here]
    after = [id_ for number, id_ in numbered if number > here]
    if here[0] == float("inf"):
        return None, None
    return (before[-1] if before else None, after[0] if after else None)


def _shelf_order(card: BookCard) -> tuple[int, int]:
    formats = [*BookFormat.values, ""]
    return formats.index(card.format), card.id
