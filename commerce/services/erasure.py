"""Commerce's part in deleting an account: orders stay for the books, without the person."""

import uuid

from django.db.models import QuerySet

from commerce.enums import OPEN_ORDERS
from commerce.errors import OrderOpen
from commerce.models import Cart, CartLine, Order, OrderContact, Payment
from core import locks
from core.errors import Busy


def lock_carts(user_id: uuid.UUID) -> None:
    """Lock every cart of the user, so that a checkout comes before or after, never in between.

    Joins the caller's transaction; raises `Busy`.
    """
    locks.lock_rows(_carts_of(user_id), for_key_update=True)


def refuse_open_orders(user_id: uuid.UUID) -> None:
    """Raise `OrderOpen` while an order of the user is under way.

    To be called under the lock of the user's row: nothing new can point at it, but a cart may
    have been made since the carts were locked. Raises `Busy` if somebody holds one of those; to
    wait here, against the order of locks, could wait for each other.
    """
    open_orders = Order.objects.filter(user_id=user_id, status__in=OPEN_ORDERS)
    numbers = list(open_orders.order_by("pk").values_list("number", flat=True))
    if numbers:
        raise OrderOpen(orders=numbers)
    carts = _carts_of(user_id)
    held = locks.lock_rows(carts, for_key_update=True, skip_locked=True)
    if len(held) != carts.count():
        raise Busy


def erase_person(user_id: uuid.UUID) -> None:
    """Delete contacts and carts, blank the cards' tokens, let go of the orders.

    A few statements, however much there is. Joins the caller's transaction, which holds the locks
    of the carts and of the user; the rows of orders and payments are locked by being changed.
    """
    orders = Order.objects.filter(user_id=user_id)
    OrderContact.objects.filter(order__user_id=user_id).delete()
    Payment.objects.filter(order__user_id=user_id).update(method_token="")
    orders.update(user=None, cart=None)
    CartLine.objects.filter(cart__user_id=user_id).delete()
    # Nothing points at them any more: the ORM would look for what does, a hundred at a time.
    carts = Cart.objects.filter(user_id=user_id)
    carts._raw_delete(carts.db)


def _carts_of(user_id: uuid.UUID) -> "QuerySet[Cart]":
    return Cart.objects.filter(user_id=user_id).only("pk")
