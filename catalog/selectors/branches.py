"""The chain's branches."""

from dataclasses import dataclass
from typing import Any

from catalog.models import Branch


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
    rows = (
        Branch.objects.active()
        .order_by("-is_warehouse", "name", "id")
        .values_list(
            "id", "name", "slug", "address", "phone", "is_warehouse", "is_active", "opening_hours"
        )
    )
    return [BranchInfo(*row) for row in rows]
