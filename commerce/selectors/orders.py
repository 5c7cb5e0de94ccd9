"""Reading orders: whose they are decides whether they are there."""

import uuid

from django.db import models

from commerce.enums import DEAD_ORDERS
from commerce.errors import OrderNotFound
from commerce.models import Order, OrderEvent, OrderLine, Payment


def orders_of(user_id: uuid.UUID) -> models.QuerySet[Order]:
    """The user's orders, newest first, ready for a list: lines come along."""
    return _whole(Order.objects.filter(user_id=user_id)).order_by("-created_at", "-id")


def order_for(
    *, user_id: uuid.UUID, number: str | None = None, order_id: uuid.UUID | None = None
) -> Order:
    """Return one of the user's own orders by number or id; raises `OrderNotFound` otherwise."""
    wanted = {"number": number} if number is not None else {"pk": order_id}
    order = _whole(Order.objects.filter(user_id=user_id, **wanted)).first()
    if order is None:
        raise OrderNotFound
    return order


def living_order_of_cart(*, user_id: uuid.UUID, cart_id: uuid.UUID) -> Order | None:
    """Return the order that the user's cart became, None while it can still be bought."""
    orders = Order.objects.filter(user_id=user_id, cart_id=cart_id)
    return orders.exclude(status__in=DEAD_ORDERS).first()


def order_by_id(order_id: uuid.UUID | str) -> Order:
    """Return any order, for the shop's own use. Raises `OrderNotFound`."""
    order = _whole(Order.objects.filter(pk=order_id)).first()
    if order is None:
        raise OrderNotFound
    return order


def with_parts(order: Order) -> Order:
    """Add lines, events and payments to an order at hand (three queries); return it."""
    models.prefetch_related_objects([order], *_parts())
    return order


def _whole(orders: models.QuerySet[Order]) -> models.QuerySet[Order]:
    return orders.select_related("branch", "slot", "contact").prefetch_related(*_parts())


def _parts() -> list[models.Prefetch]:
    return [
        models.Prefetch("lines", queryset=OrderLine.objects.order_by("pk")),
        models.Prefetch("events", queryset=OrderEvent.objects.order_by("pk")),
        models.Prefetch("payments", queryset=Payment.objects.order_by("pk")),
    ]
