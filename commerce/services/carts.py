"""Changing a signed-in shopper's cart."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.errors import InsufficientStock
from catalog.selectors.offers import Offer
from commerce.errors import BookUnavailable, CartLineNotFound, OutOfStock
from commerce.models import Cart, CartLine
from commerce.models.carts import MOST_COPIES
from commerce.selectors import carts as cart_selectors
from core import locks
from core.errors import Busy, Invalid


def add_book(*, user: User, book_id: int, quantity: int) -> None:
    """Put copies of a book into the user's cart; copies of the same book add up.

    Locks the cart. Raises `BookNotFound`, `BookUnavailable`, `OutOfStock`, `InsufficientStock`
    (with what there is) and `Invalid` for fewer than one or more than 99 copies of a book.
    """
    _check_quantity(quantity)
    with transaction.atomic():
        cart = _locked_cart(user.pk)
        line = CartLine.objects.filter(cart=cart, book_id=book_id).first()
        wanted = quantity + (line.quantity if line else 0)
        _set_line(cart, line, book_id, wanted)


def set_quantity(*, user: User, line_id: int, quantity: int) -> None:
    """Change how many copies a line holds (see `add_book`). Raises `CartLineNotFound`."""
    _check_quantity(quantity)
    with transaction.atomic():
        cart = _locked_cart(user.pk)
        line = _line_of(cart, line_id)
        _set_line(cart, line, line.book_id, quantity)


def remove_line(*, user: User, line_id: int) -> None:
    """Take a book out of the cart. Locks the cart; raises `CartLineNotFound`."""
    with transaction.atomic():
        _line_of(_locked_cart(user.pk), line_id).delete()


def clear_cart(*, user: User) -> None:
    """Take everything out of the cart. Locks the cart."""
    with transaction.atomic():
        CartLine.objects.filter(cart=_locked_cart(user.pk)).delete()


def _locked_cart(user_id: uuid.UUID) -> Cart:
    active = cart_selectors.active_cart_of(user_id)
    cart = locks.lock_row(active)
    if cart is None:
        # Of two requests that both find none, the unique constraint lets one create it.
        Cart.objects.bulk_create([Cart(user_id=user_id)], ignore_conflicts=True)
        cart = locks.lock_row(active)
    if cart is None:  # checked out in between by another request of the same shopper
        raise Busy
    return cart


def _line_of(cart: Cart, line_id: int) -> CartLine:
    line = CartLine.objects.filter(cart=cart, pk=line_id).first()
    if line is None:
        raise CartLineNotFound
    return line


def _set_line(cart: Cart, line: CartLine | None, book_id: int, wanted: int) -> None:
    offer = cart_selectors.offer_of(book_id)
    if offer.price is None or not offer.is_listed:
        raise BookUnavailable(title=offer.title, book_id=book_id)
    _check_quantity(wanted)
    if wanted > offer.available:
        _refuse_beyond_stock(offer, wanted)
    if line is None:
        CartLine.objects.create(
            cart=cart, book_id=book_id, quantity=wanted, unit_price_seen=offer.price
        )
    else:
        line.quantity = wanted
        line.unit_price_seen = offer.price
        line.save(update_fields=["quantity", "unit_price_seen"])


def _refuse_beyond_stock(offer: Offer, wanted: int) -> None:
    item = {
        "book_id": offer.book_id,
        "title": offer.title,
        "requested": wanted,
        "available": offer.available,
    }
    if offer.available == 0:
        raise OutOfStock(title=offer.title, items=[item])
    raise InsufficientStock(items=[item])


def _check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MOST_COPIES:
        sentence = _("Between 1 and %(most)d copies.") % {"most": MOST_COPIES}
        raise Invalid(fields={"quantity": [sentence]})
