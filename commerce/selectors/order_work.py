"""Orders and payments that somebody has to look at; each narrows a query."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from commerce.enums import OPEN_PAYMENTS, OrderStatus
from commerce.models import Order, Payment

TO_PICK = [OrderStatus.CONFIRMED, OrderStatus.IN_PROGRESS]
NOT_READY = [*TO_PICK, OrderStatus.MISSING, OrderStatus.DELAYED]
NOT_ARRIVED = [*NOT_READY, OrderStatus.READY, OrderStatus.OUT_FOR_DELIVERY]
# Without a slot, an order should be ready after so long.
READY_WITHIN = dt.timedelta(days=2)
# The provider answers in seconds, and the shop asks it again every minute.
PAID_WITHIN = dt.timedelta(minutes=15)


def to_pick(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders that are paid and wait for somebody to take their books from the shelf."""
    return orders.filter(status__in=TO_PICK)


def late(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders whose slot's day is over, or that should have been ready by now."""
    overdue = timezone.now() - READY_WITHIN
    return orders.filter(
        Q(status__in=NOT_ARRIVED, slot_date__lt=timezone.localdate())
        | Q(status__in=NOT_READY, slot_date__isnull=True, created_at__lt=overdue)
    )


def stuck(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Payments whose outcome is not known long after they began."""
    return payments.filter(status__in=OPEN_PAYMENTS, created_at__lt=timezone.now() - PAID_WITHIN)
