"""The chain's branches."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from catalog.models import Branch
from core.pagination import Page, Window, paginate


@dataclass(frozen=True)
class BranchInfo:
    """A branch as shoppers see it."""

    id: int
    name: str
    slug: str
    address: str
    phone: str
    is_warehouse: bool
    is_active: bool
    opening_hours: dict[str, Any]


def active_branches() -> list[BranchInfo]:
    """Return the branches whose stock counts, the warehouse first, then by name (one query)."""
    return [BranchInfo(*row) for row in _rows()]


def branch_list(window: Window) -> Page[BranchInfo]:
    """Return a page of the same (two queries); raise `PageNotFound` past the end."""
    page = paginate(_rows(), window)
    return page.with_items([BranchInfo(*row) for row in page.items])


def _rows() -> QuerySet[Branch, tuple[Any, ...]]:
    return (
        Branch.objects.active()
        .order_by("-is_warehouse", "name", "id")
        .values_list(
            "id", "name", "slug", "address", "phone", "is_warehouse", "is_active", "opening_hours"
        )
    )
