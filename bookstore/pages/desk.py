"""The staff desk's first page: what to do now, what is at risk, sales, the catalogue's health."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from bookstore.pages import desk_work
from commerce.selectors import sales
from core import counts
from core.services import stalled_jobs

# The chart's own units; it grows with its box.
BAR, GAP, HEIGHT = 20, 8, 80


@dataclass(frozen=True)
class Bar:
    """A day of the chart."""

    day: sales.DaySales
    x: int
    y: int
    height: int
    is_today: bool


def first_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the context of the staff desk's index what the role and its branches may see.

    One query for each number, at most every 30 s for each person.
    """
    user = request.user
    groups = [
        {"title": group["title"], "items": items}
        for group in context["sidebar_navigation"]
        if (items := [item for item in group["items"] if item["has_permission"]])
    ]
    return context | {
        "desk_groups": groups,
        "do_now": _tiles(user, desk_work.DO_NOW, "now"),
        "at_risk": _tiles(user, desk_work.AT_RISK, "risk"),
        "health": _tiles(user, desk_work.HEALTH, "health"),
        "failed_jobs": _failed_jobs(user),
        "sales": _sales(user),
    }


def _tiles(user: Any, works: tuple[desk_work.Work, ...], name: str) -> list[dict[str, Any]]:
    return [
        {
            "label": work.title,
            "number": counts.written(number),
            "is_none": number == 0,
            "url": work.url,
        }
        for work, number in desk_work.counted(user, works, name=name)
    ]


def _failed_jobs(user: Any) -> int | None:
    """Jobs that were given up, for managers; they have no list at the desk."""
    if not user.has_perm("core.view_auditentry"):
        return None
    return desk_work.kept("desk:failed-jobs", stalled_jobs.count_failed)


def _sales(user: Any) -> dict[str, Any] | None:
    """Today beside the same weekday, and the last days as bars; for those who see payments."""
    if not user.has_perm("commerce.view_payment"):
        return None
    recent = desk_work.kept(f"desk:sales:{user.pk}", lambda: sales.recent_sales(user))
    return {
        "today": recent.today,
        "week_ago": recent.week_ago,
        "difference": _difference(recent),
        "bars": _bars(recent.days),
        "width": len(recent.days) * (BAR + GAP) - GAP,
        "height": HEIGHT,
        "bar": BAR,
    }


def _difference(recent: sales.Sales) -> int | None:
    """Percent more or less than a week ago at this time of day; None if there was nothing."""
    before = recent.week_ago.total
    return round((recent.today.total - before) * 100 / before) if before else None


def _bars(days: list[sales.DaySales]) -> list[Bar]:
    highest = max(day.total for day in days) or Decimal(1)
    bars = []
    for place, day in enumerate(days):
        # Something sold is never nothing to see.
        height = max(int(day.total * HEIGHT / highest), 2 if day.total else 0)
        is_today = place == len(days) - 1
        bars.append(Bar(day, place * (BAR + GAP), HEIGHT - height, height, is_today))
    return bars
