"""How many orders are under way."""

from dataclasses import dataclass

from django.db.models import Count

from commerce.enums import OrderStatus
from commerce.models import Order

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


def orders_under_way() -> list[StatusCount]:
    """Return the statuses that wait for somebody and have orders, in their order (one query)."""
    rows = (
        Order.objects.filter(status__in=UNDER_WAY)
        .order_by()
        .values_list("status")
        .annotate(count=Count("pk"))
    )
    counts = dict(rows)
    return [StatusCount(status, counts[status]) for status in UNDER_WAY if counts.get(status)]
