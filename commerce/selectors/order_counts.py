"""How many orders are under way."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from commerce.enums import OrderStatus
from commerce.models import Order
from commerce.selectors import staff_orders

UNDER_WAY = [
    OrderStatus.PENDING,
    OrderStatus.CONFIRMED,
    OrderStatus.IN_PROGRESS,
    OrderStatus.MISSING,
    OrderStatus.DELAYED,
    OrderStatus.READY,
    OrderStatus.OUT_FOR_DELIVERY,
]


@dataclass(frozen=True)
class StatusCount:
    """Orders in one status."""

    status: OrderStatus
    count: int


def orders_under_way(user: Any) -> list[StatusCount]:
    """Return the statuses that wait for somebody and have orders that `user`, of staff, may see.

    In the order of the statuses (one query, two for employees).
    """
    rows = (
        staff_orders.orders_seen_by(Order.objects.filter(status__in=UNDER_WAY), user)
        .order_by()
        .values_list("status")
        .annotate(count=Count("pk"))
    )
    counts = dict(rows)
    return [StatusCount(status, counts[status]) for status in UNDER_WAY if counts.get(status)]
