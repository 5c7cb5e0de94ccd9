"""Reading carts: what is in them, at today's prices and stock."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import models

from catalog.errors import BookNotFound
from catalog.selectors import books as book_selectors
from catalog.selectors import offers
from catalog.selectors.offers import Offer
from commerce.enums import CartStatus
from commerce.models import Cart
from core.rows import fetch_rows

_LINES = """
    SELECT line.id, line.cart_id, line.book_id, line.quantity, line.unit_price_seen
      FROM commerce_cartline line JOIN commerce_cart cart ON cart.id = line.cart_id
     WHERE cart.user_id = %s AND cart.status = %s
     ORDER BY line.added_at, line.id
"""
_COPIES = """
    SELECT coalesce(sum(line.quantity), 0)
      FROM commerce_cartline line JOIN commerce_cart cart ON cart.id = line.cart_id
     WHERE cart.user_id = %s AND cart.status = %s
"""


class _Line(NamedTuple):
    id: int
    cart_id: uuid.UUID
    book_id: int
    quantity: int
    unit_price_seen: Decimal


@dataclass(frozen=True)
class CartNotice:
    """What changed since the book was put in; `code` for programs, the rest for sentences."""

    code: str
    title: str
    book_id: int
    old_price: Decimal | None = None
    new_price: Decimal | None = None
    available: int | None = None
    sold_from: dt.date | None = None


@dataclass(frozen=True)
class CartLineView:
    """A line of the cart page. `unit_price` is None for a book that may not be sold today."""

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
    return int(fetch_rows(_COPIES, [user_id, CartStatus.ACTIVE])[0][0])


def offer_of(book_id: int) -> Offer:
    """Return what a cart needs to know of a book, in one query. Raises `BookNotFound`."""
    offer = offers.offers_by_ids([book_id]).get(book_id)
    if offer is None:
        raise BookNotFound(book_id=book_id)
    return offer


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
    lines = [_Line(*row) for row in fetch_rows(_LINES, [user_id, CartStatus.ACTIVE])]
    if not lines:
        return CartView(id=None, lines=[])
    book_ids = [line.book_id for line in lines]
    cards = {card.id: card for card in read_books(book_ids)}
    offered = offers.offers_by_ids(book_ids)
    return CartView(
        id=lines[0].cart_id,
        lines=[_line_view(line, cards[line.book_id], offered[line.book_id]) for line in lines],
    )


def _line_view(line: _Line, card: book_selectors.BookCard, offer: Offer) -> CartLineView:
    price = offer.selling_price
    return CartLineView(
        id=line.id,
        book=card,
        quantity=line.quantity,
        unit_price=price,
        line_total=(price or Decimal("0.00")) * line.quantity,
        available=offer.available,
        notice=_notice(line, offer),
    )


def _notice(line: _Line, offer: Offer) -> CartNotice | None:
    if offer.selling_price is None:
        return CartNotice(
            "BOOK_UNAVAILABLE", offer.title, offer.book_id, available=0, sold_from=offer.sold_from
        )
    if offer.available == 0:
        return CartNotice("OUT_OF_STOCK", offer.title, offer.book_id, available=0)
    if offer.available < line.quantity:
        return CartNotice(
            "INSUFFICIENT_STOCK", offer.title, offer.book_id, available=offer.available
        )
    if offer.price != line.unit_price_seen:
        return CartNotice(
            "PRICE_CHANGED",
            offer.title,
            offer.book_id,
            old_price=line.unit_price_seen,
            new_price=offer.price,
        )
    return None
