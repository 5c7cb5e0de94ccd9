"""Reading carts: what is in them, at today's prices and stock."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from catalog.errors import BookNotFound
from catalog.models import Book
from catalog.selectors import books as book_selectors
from commerce.enums import CartStatus
from commerce.models import Cart, CartLine


@dataclass(frozen=True)
class Offer:
    """A book as a cart sees it: what it costs and how many there are over all branches."""

    book_id: int
    title: str
    price: Decimal | None
    is_listed: bool
    available: int


@dataclass(frozen=True)
class CartNotice:
    """What changed since the book was put in; `code` for programs, the rest for sentences."""

    code: str
    title: str
    book_id: int
    old_price: Decimal | None = None
    new_price: Decimal | None = None
    available: int | None = None


@dataclass(frozen=True)
class CartLineView:
    """A line of the cart page. `unit_price` is None for a book that is no longer for sale."""

    id: int
    book: book_selectors.BookCard
    quantity: int
    unit_price: Decimal | None
    line_total: Decimal
    available: int
    notice: CartNotice | None


@dataclass(frozen=True)
class CartView:
    """The whole cart. `id` is None until something was put in."""

    id: uuid.UUID | None
    lines: list[CartLineView]

    @property
    def item_count(self) -> int:
        """How many copies."""
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> Decimal:
        """What they cost today."""
        return sum((line.line_total for line in self.lines), Decimal("0.00"))

    @property
    def notices(self) -> list[CartNotice]:
        """What changed, line by line."""
        return [line.notice for line in self.lines if line.notice]


def active_cart_of(user_id: uuid.UUID) -> models.QuerySet[Cart]:
    """The user's active cart: one row or none."""
    return Cart.objects.filter(user_id=user_id, status=CartStatus.ACTIVE)


def copies_in_cart(user_id: uuid.UUID) -> int:
    """How many copies the user's cart holds: one query."""
    lines = CartLine.objects.filter(cart__user_id=user_id, cart__status=CartStatus.ACTIVE)
    return int(lines.aggregate(copies=Coalesce(Sum("quantity"), 0))["copies"])


def offer_of(book_id: int) -> Offer:
    """Return what a cart needs to know of a book, in one query. Raises `BookNotFound`."""
    book = _with_available(Book.objects.filter(pk=book_id)).first()
    if book is None:
        raise BookNotFound(book_id=book_id)
    return Offer(
        book_id=book.pk,
        title=book.title,
        price=book.price,
        is_listed=book.deleted_at is None,
        available=book.available,  # type: ignore[attr-defined]  # annotated
    )


def cart_of(
    user_id: uuid.UUID,
    *,
    read_books: Callable[
        [Sequence[int]], Sequence[book_selectors.BookCard]
    ] = book_selectors.cards_even_withdrawn,
) -> CartView:
    """Return the user's cart in a constant number of queries.

    `read_books` says how much of each book is wanted: cards, or records for the API.
    """
    lines = list(
        CartLine.objects.filter(cart__user_id=user_id, cart__status=CartStatus.ACTIVE).order_by(
            "added_at", "id"
        )
    )
    if not lines:
        return CartView(id=None, lines=[])
    book_ids = [line.book_id for line in lines]
    cards = {card.id: card for card in read_books(book_ids)}
    books = {book.pk: book for book in _with_available(Book.objects.filter(pk__in=book_ids))}
    return CartView(
        id=lines[0].cart_id,
        lines=[_line_view(line, cards[line.book_id], books[line.book_id]) for line in lines],
    )


def _with_available(books: models.QuerySet[Book]) -> models.QuerySet[Book]:
    counts = Q(inventory__branch__is_active=True, inventory__branch__deleted_at__isnull=True)
    return books.annotate(available=Coalesce(Sum("inventory__quantity", filter=counts), 0))


def _line_view(line: CartLine, card: book_selectors.BookCard, book: Book) -> CartLineView:
    price = book.price if book.is_for_sale else None
    return CartLineView(
        id=line.pk,
        book=card,
        quantity=line.quantity,
        unit_price=price,
        line_total=(price or Decimal("0.00")) * line.quantity,
        available=book.available,  # type: ignore[attr-defined]  # annotated
        notice=_notice(line, book, book.available),  # type: ignore[attr-defined]
    )


def _notice(line: CartLine, book: Book, available: int) -> CartNotice | None:
    if not book.is_for_sale:
        return CartNotice("BOOK_UNAVAILABLE", book.title, book.pk, available=0)
    if available == 0:
        return CartNotice("OUT_OF_STOCK", book.title, book.pk, available=0)
    if available < line.quantity:
        return CartNotice("INSUFFICIENT_STOCK", book.title, book.pk, available=available)
    if book.price != line.unit_price_seen:
        return CartNotice(
            "PRICE_CHANGED",
            book.title,
            book.pk,
            old_price=line.unit_price_seen,
            new_price=book.price,
        )
    return None
