"""Changing a signed-in shopper's cart."""

import uuid

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.errors import InsufficientStock
from catalog.selectors.offers import Offer
from commerce.errors import CartLineNotFound, OutOfStock, not_for_sale
from commerce.models import Cart, CartLine
from commerce.models.carts import MOST_COPIES
from commerce.selectors import carts as cart_selectors
from core import locks
from core.errors import Busy, Invalid
from core.rows import fetch_rows

# Three of these for an order of three books: written down, see core.rows.
_HELD = "SELECT quantity FROM commerce_cartline WHERE cart_id = %s AND book_id = %s"
_PUT = """
    INSERT INTO commerce_cartline (cart_id, book_id, quantity, unit_price_seen, added_at)
    VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (cart_id, book_id) DO UPDATE
       SET quantity = EXCLUDED.quantity, unit_price_seen = EXCLUDED.unit_price_seen
"""


def add_book(*, user: User, book_id: int, quantity: int) -> None:
    """Put copies of a book into the user's cart; copies of the same book add up.

    Locks the cart. Raises `BookNotFound`, `BookUnavailable`, `OutOfStock`, `InsufficientStock`
    (with what there is) and `Invalid` for fewer than one or more than 99 copies of a book.
    """
    _check_quantity(quantity)
    with transaction.atomic():
        cart = _locked_cart(user.pk)
        held = fetch_rows(_HELD, [cart.pk, book_id])
        _put_line(cart, book_id, quantity + (held[0][0] if held else 0))


def set_quantity(*, user: User, line_id: int, quantity: int) -> None:
    """Change how many copies a line holds (see `add_book`). Raises `CartLineNotFound`."""
    _check_quantity(quantity)
    with transaction.atomic():
        cart = _locked_cart(user.pk)
        _put_line(cart, _line_of(cart, line_id).book_id, quantity)


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


def _put_line(cart: Cart, book_id: int, wanted: int) -> None:
    """Make a locked cart hold so many copies of a book, at the price of this moment."""
    offer = cart_selectors.offer_of(book_id)
    if not offer.is_for_sale:
        raise not_for_sale(offer, title=offer.title, book_id=book_id)
    _check_quantity(wanted)
    if wanted > offer.available:
        _refuse_beyond_stock(offer, wanted)
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [cart.pk, book_id, wanted, offer.price, timezone.now()])


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
