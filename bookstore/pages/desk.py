"""The staff desk's first page: what is under way, and everything the role may open."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from commerce.selectors import order_counts


def first_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the context of the staff desk's index (two queries at most)."""
    groups = [
        {"title": group["title"], "items": items}
        for group in context["sidebar_navigation"]
        if (items := [item for item in group["items"] if item["has_permission"]])
    ]
    return context | {"desk_groups": groups, "open_orders": _open_orders(request)}


def _open_orders(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.has_perm("commerce.view_order"):
        return []
    orders = reverse("admin:commerce_order_changelist")
    return [
        {
            "label": row.status.label,
            "count": row.count,
            "url": f"{orders}?status__exact={row.status.value}",
        }
        for row in order_counts.orders_under_way(request.user)
    ]
