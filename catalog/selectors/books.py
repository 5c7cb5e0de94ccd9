"""Lists of books: which ones, in what order, and what a card shows of each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet

from catalog import covers
from catalog.enums import BookFormat, BookSort, ContributorRole
from catalog.errors import BookNotFound, BookWithdrawn
from catalog.models import Book
from catalog.sale_rules import Sellable
from catalog.selectors import book_filters, search
from catalog.selectors.book_filters import BookQuery
from catalog.selectors.pictures import Picture
from catalog.validators import to_isbn13
from core.pagination import Page, Window, paginate
from core.paths import path_by_id, path_of
from core.rows import fetch_rows

ORDERS: dict[BookSort, list[Any]] = {
    BookSort.NEWEST: [F("published_on").desc(nulls_last=True), "-id"],
    BookSort.TITLE: ["sort_title", "id"],
    BookSort.TITLE_DESCENDING: ["-sort_title", "-id"],
    BookSort.AUTHOR: ["sort_author", "sort_title", "id"],
    BookSort.PRICE: [F("price").asc(nulls_last=True), "id"],
    BookSort.PRICE_DESCENDING: [F("price").desc(nulls_last=True), "-id"],
}


@dataclass(frozen=True)
class Credit:
    """Somebody on the title page."""

    id: int
    name: str
    slug: str
    role: ContributorRole

    @property
    def path(self) -> str:
        """The author's page."""
        return path_of("catalog:author", self.slug, self.id)


@dataclass(frozen=True)
class BookCard(Sellable):
    """What a list shows of a book: plain data that starts no query."""

    id: int
    isbn13: str
    title: str
    subtitle: str
    slug: str
    price: Decimal | None
    is_in_stock: bool
    format: str
    language: str
    published_on: date | None
    published_precision: str
    work_id: int
    version: int
    on_sale_on: date | None
    is_preorder_allowed: bool
    deleted_at: datetime | None
    picture_key: uuid.UUID | None
    picture_width: int | None
    picture_height: int | None
    credits: tuple[Credit, ...]

    @property
    def path(self) -> str:
        """The book's page."""
        return path_of("book", self.slug, self.id)

    @cached_property
    def picture(self) -> Picture | None:
        """The picture on it, once that is ready; books without one have a drawn cover."""
        if self.picture_key is None or not self.picture_width or not self.picture_height:
            return None
        return Picture(self.picture_key, self.picture_width, self.picture_height)

    @property
    def cover_path(self) -> str:
        """The book's cover; the address changes when the cover does, so it may be kept for ever."""
        if self.picture:
            return self.picture.path
        key = covers.key_of(self.work_id, self.title, self.byline)
        return f"{path_by_id('catalog:cover', self.id)}?v={key}"

    @property
    def preview_path(self) -> str:
        """The cover as other sites show it: as large as there is."""
        return self.picture.large_path if self.picture else self.cover_path

    @property
    def format_label(self) -> str:
        """The format in the reader's language, empty when unknown."""
        return str(BookFormat(self.format).label) if self.format else ""

    @cached_property
    def authors(self) -> tuple[Credit, ...]:
        """Those who wrote it, else everybody on the title page."""
        wrote = tuple(c for c in self.credits if c.role == ContributorRole.AUTHOR)
        return wrote or self.credits

    @property
    def byline(self) -> str:
        """The first three authors' names as one line of text."""
        return ", ".join(credit.name for credit in self.authors[:3])


CARD_FIELDS = (
    "id",
    "isbn13",
    "title",
    "subtitle",
    "slug",
    "price",
    "is_in_stock",
    "format",
    "language",
    "published_on",
    "published_precision",
    "work_id",
    "version",
    "on_sale_on",
    "is_preorder_allowed",
    "deleted_at",
)
CARD_NAMES = (*CARD_FIELDS, "picture_key", "picture_width", "picture_height")
CARD_COLUMNS = ", ".join(
    [*(f"book.{name}" for name in CARD_FIELDS), "cover.key", "cover.width", "cover.height"]
)
CARD_TABLES = """
    catalog_book book
    LEFT JOIN catalog_cover cover ON cover.book_id = book.id AND cover.state = 'READY'
"""
_CARDS = f"SELECT {CARD_COLUMNS} FROM {CARD_TABLES} WHERE book.id = ANY(%s)"  # noqa: S608
_CREDITS = """
    SELECT credit.book_id, person.id, person.name, person.slug, credit.role
      FROM catalog_bookcontributor credit
      JOIN catalog_contributor person ON person.id = credit.contributor_id
     WHERE credit.book_id = ANY(%s)
     ORDER BY credit.book_id, credit.position, credit.id
"""


def book_cards(query: BookQuery, window: Window) -> Page[BookCard]:
    """Return one page of the books that a query asks for, as cards (four queries).

    Raises `PageNotFound` past the end.
    """
    page = book_ids(query, window)
    return page.with_items(cards_by_ids(page.items))


def book_ids(query: BookQuery, window: Window) -> Page[int]:
    """Return one page of the ids that a query asks for, in its order."""
    if query.order == BookSort.RELEVANCE:
        return search.ranked_ids(query, window)
    books = book_filters.narrowed(query)
    if query.text:
        books = books.filter(search.matches(query.text))
    return paginate(ordered(books, query.order), window)


def ordered(books: QuerySet[Book], order: BookSort) -> QuerySet[Book, int]:
    """Return the ids of books in one of the orders that an index serves."""
    return books.order_by(*ORDERS[order]).values_list("id", flat=True)


def cards_by_ids(ids: Sequence[int]) -> list[BookCard]:
    """Return cards in the order of `ids` (two queries); withdrawn books are left out."""
    return _cards(f"{_CARDS} AND book.deleted_at IS NULL", ids)


def cards_even_withdrawn(ids: Sequence[int]) -> list[BookCard]:
    """Return cards in the order of `ids` (two queries), for carts that hold a withdrawn book."""
    return _cards(_CARDS, ids)


def id_of_isbn(isbn: str) -> int:
    """Return the id of the book, withdrawn or not, with this ISBN-10 or -13 (one query).

    Raises `BookNotFound`.
    """
    try:
        found = Book.objects.filter(isbn13=to_isbn13(isbn)).values_list("id", flat=True).first()
    except ValidationError:
        found = None
    if found is None:
        raise BookNotFound
    return found


def card_of_isbn(isbn: str) -> BookCard:
    """Return the card of the book with this ISBN (three queries).

    Raises `BookNotFound` and `BookWithdrawn`.
    """
    (card,) = cards_even_withdrawn([id_of_isbn(isbn)])
    if card.deleted_at is not None:
        raise BookWithdrawn(book_id=card.id)
    return card


def _cards(sql: str, ids: Sequence[int]) -> list[BookCard]:
    found = {row[0]: row for row in fetch_rows(sql, [list(ids)])} if ids else {}
    made_by = credits_of(list(found))
    return [BookCard(*(*found[id_], made_by.get(id_, ()))) for id_ in ids if id_ in found]


def credits_of(ids: Sequence[int]) -> dict[int, tuple[Credit, ...]]:
    """Return who made each book, in the order of the title page (one query)."""
    found: dict[int, list[Credit]] = {}
    for book_id, id_, name, slug, role in fetch_rows(_CREDITS, [list(ids)]) if ids else ():
        found.setdefault(book_id, []).append(Credit(id_, name, slug, ContributorRole(role)))
    return {book_id: tuple(made_by) for book_id, made_by in found.items()}
