"""Books with everything that describes them, for clients that want more than a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.selectors import books as book_lists
from catalog.selectors.book_filters import BookQuery
from catalog.selectors.books import CARD_COLUMNS, CARD_NAMES, CARD_TABLES, BookCard
from catalog.selectors.genres import GenreLink
from catalog.validators import to_isbn10
from core.pagination import Page, Window
from core.rows import fetch_rows

# What `record_of` takes, after the columns of a card.
RECORD_COLUMNS = (
    f"{CARD_COLUMNS}, book.description, publisher.name, book.pages, book.series_id, series.name,"
    " book.series_number"
)
RECORD_TABLES = f"""
    {CARD_TABLES}
    LEFT JOIN catalog_publisher publisher ON publisher.id = book.publisher_id
    LEFT JOIN catalog_series series ON series.id = book.series_id
"""
_NAMES = (
    *CARD_NAMES,
    *("description", "publisher", "pages", "series_id", "series", "series_number"),
)
_RECORDS = f"SELECT {RECORD_COLUMNS} FROM {RECORD_TABLES} WHERE book.id = ANY(%s)"  # noqa: S608
_GENRES = """
    SELECT link.book_id, genre.id, genre.name, genre.slug, genre.parent_id
      FROM catalog_bookgenre link JOIN catalog_genre genre ON genre.id = link.genre_id
     WHERE link.book_id = ANY(%s) AND genre.deleted_at IS NULL
     ORDER BY link.book_id, link.id
"""
_COPIES = """
    SELECT stock.book_id, sum(stock.quantity)
      FROM catalog_inventory stock JOIN catalog_branch branch ON branch.id = stock.branch_id
     WHERE stock.book_id = ANY(%s) AND branch.is_active AND branch.deleted_at IS NULL
     GROUP BY stock.book_id
"""


@dataclass(frozen=True)
class BookRecord(BookCard):
    """A book in full; `stock_quantity` counts the copies in all active branches."""

    description: str
    publisher: str | None
    pages: int | None
    series_id: int | None
    series: str | None
    series_number: str
    genres: tuple[GenreLink, ...]
    stock_quantity: int

    @property
    def isbn10(self) -> str | None:
        """The ISBN-10, None for those that have none."""
        return to_isbn10(self.isbn13)


def book_records(query: BookQuery, window: Window) -> Page[BookRecord]:
    """Return one page of the books that a query asks for, in full (six queries).

    Raises `PageNotFound` past the end.
    """
    page = book_lists.book_ids(query, window)
    return page.with_items(records_by_ids(page.items))


def records_by_ids(ids: Sequence[int]) -> list[BookRecord]:
    """Return books in the order of `ids` (four queries); withdrawn books are left out."""
    return _records(f"{_RECORDS} AND book.deleted_at IS NULL", ids)


def records_even_withdrawn(ids: Sequence[int]) -> list[BookRecord]:
    """Return books in the order of `ids` (four queries), for carts that hold a withdrawn one."""
    return _records(_RECORDS, ids)


def record_of(row: tuple[Any, ...], **parts: Any) -> BookRecord:
    """Return the book of a row of `RECORD_COLUMNS` with its other parts."""
    return BookRecord(**dict(zip(_NAMES, row, strict=True)), **parts)


def _records(sql: str, ids: Sequence[int]) -> list[BookRecord]:
    if not ids:
        return []
    wanted = [list(ids)]
    rows = {row[0]: row for row in fetch_rows(sql, wanted)}
    made_by, genres = book_lists.credits_of(list(rows)), _genres_of(ids)
    copies = dict(fetch_rows(_COPIES, wanted))
    return [
        record_of(
            rows[id_],
            credits=made_by.get(id_, ()),
            genres=tuple(genres.get(id_, ())),
            stock_quantity=copies.get(id_, 0),
        )
        for id_ in ids
        if id_ in rows
    ]


def _genres_of(ids: Sequence[int]) -> dict[int, list[GenreLink]]:
    found: dict[int, list[GenreLink]] = {}
    for book_id, *genre in fetch_rows(_GENRES, [list(ids)]):
        found.setdefault(book_id, []).append(GenreLink(*genre))
    return found
