"""Books with everything that describes them, for clients that want more than a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from catalog.models import Book, BookGenre, Branch, Inventory
from catalog.selectors.book_filters import BookQuery
from catalog.selectors.books import CARD_FIELDS, BookCard, book_ids, credits_of
from catalog.selectors.genres import GenreLink
from catalog.validators import to_isbn10
from core.pagination import Page, Window

RECORD_FIELDS = (
    "description",
    "publisher__name",
    "pages",
    "series_id",
    "series__name",
    "series_number",
)


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
    page = book_ids(query, window)
    return page.with_items(records_by_ids(page.items))


def records_by_ids(ids: Sequence[int]) -> list[BookRecord]:
    """Return books in the order of `ids` (four queries); withdrawn books are left out."""
    return _records(Book.objects.listed(), ids)


def records_even_withdrawn(ids: Sequence[int]) -> list[BookRecord]:
    """Return books in the order of `ids` (four queries), for carts that hold a withdrawn one."""
    return _records(Book.objects.all(), ids)


def record_of(row: tuple[Any, ...], **parts: Any) -> BookRecord:
    """Return the book of a row of `CARD_FIELDS` and `RECORD_FIELDS` with its other parts."""
    values = dict(zip(CARD_FIELDS, row, strict=False))
    values |= dict(zip(_RECORD_NAMES, row[len(CARD_FIELDS) :], strict=False))
    return BookRecord(**values, **parts)


_RECORD_NAMES = [name.removesuffix("__name") for name in RECORD_FIELDS]


def _records(books: QuerySet[Book], ids: Sequence[int]) -> list[BookRecord]:
    if not ids:
        return []
    rows = {
        row[0]: row for row in books.filter(id__in=ids).values_list(*CARD_FIELDS, *RECORD_FIELDS)
    }
    made_by, genres, copies = credits_of(list(rows)), _genres_of(ids), _copies_of(ids)
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
    rows = (
        BookGenre.objects.filter(book_id__in=ids, genre__deleted_at__isnull=True)
        .order_by("book_id", "id")
        .values_list("book_id", "genre_id", "genre__name", "genre__slug", "genre__parent_id")
    )
    found: dict[int, list[GenreLink]] = {}
    for book_id, id_, name, slug, parent_id in rows:
        found.setdefault(book_id, []).append(GenreLink(id_, name, slug, parent_id))
    return found


def _copies_of(ids: Sequence[int]) -> dict[int, int]:
    rows = Inventory.objects.filter(book_id__in=ids, branch__in=Branch.objects.active())
    return dict(rows.order_by().values_list("book_id").annotate(Sum("quantity")))
