"""Which orders somebody at the desk may see."""

from typing import Any

from django.db.models import QuerySet

from catalog.selectors import branch_staff
from commerce.enums import OPEN_ORDERS
from commerce.models import Order


def orders_seen_by(orders: QuerySet[Order], user: Any) -> QuerySet[Order]:
    """Narrow `orders` to the branches of an employee who is tied to some; others see all."""
    branch_ids = branch_staff.branches_of(user)
    return orders if branch_ids is None else orders.filter(branch_id__in=branch_ids)


def open_orders_at(branch_id: int) -> int:
    """Return how many orders of a branch somebody still waits for (one query)."""
    return Order.objects.filter(branch_id=branch_id, status__in=OPEN_ORDERS).count()
