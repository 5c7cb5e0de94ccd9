"""What was sold, by day."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from commerce.enums import OrderStatus
from commerce.models import Order
from commerce.selectors import staff_orders

DAYS = 14
WEEK = dt.timedelta(days=7)
NOT_SOLD = [OrderStatus.PENDING, OrderStatus.PAYMENT_FAILED, OrderStatus.CANCELED]


@dataclass(frozen=True)
class DaySales:
    """Orders and money of one day of the shop's calendar; refunds later are not taken off."""

    day: dt.date
    orders: int
    total: Decimal


@dataclass(frozen=True)
class Sales:
    """The last days, today last; `week_ago` is the same weekday's until the same time of day."""

    days: list[DaySales]
    week_ago: DaySales

    @property
    def today(self) -> DaySales:
        """Today so far."""
        return self.days[-1]


def recent_sales(user: Any) -> Sales:
    """Return the last `DAYS` days of the orders that `user`, of staff, may see (1 query).

    Days without an order are there with zeros.
    """
    now = timezone.localtime()
    first = now.date() - dt.timedelta(days=DAYS - 1)
    begin = dt.datetime.combine(first, dt.time.min, tzinfo=now.tzinfo)
    sold = staff_orders.orders_seen_by(
        Order.objects.filter(created_at__gte=begin).exclude(status__in=NOT_SOLD), user
    )
    so_far = Q(created_at__lt=now - WEEK)
    rows = {
        row["day"]: row
        for row in sold.annotate(day=TruncDate("created_at"))
        .order_by()
        .values("day")
        .annotate(
            number=Count("pk"),
            money=Sum("total"),
            number_so_far=Count("pk", filter=so_far),
            money_so_far=Sum("total", filter=so_far),
        )
    }
    days = [_day(rows, first + dt.timedelta(days=place)) for place in range(DAYS)]
    return Sales(days, _day(rows, now.date() - WEEK, "_so_far"))


def _day(rows: Mapping[dt.date, Any], day: dt.date, suffix: str = "") -> DaySales:
    row = rows.get(day, {})
    return DaySales(day, row.get(f"number{suffix}", 0), row.get(f"money{suffix}") or Decimal(0))
