"""The chain's branches."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from catalog import errors
from catalog.models import Branch
from core.opening_hours import OpeningHours
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
    hours: OpeningHours

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "BranchInfo":
        """Return a row of `_COLUMNS`."""
        return cls(*(*row[:-1], OpeningHours.read(row[-1])))

    @property
    def path(self) -> str:
        """The branch's page."""
        return reverse("branch", args=[self.slug])

    @property
    def opening_hours(self) -> dict[str, Any]:
        """The hours as clients read them."""
        return self.hours.as_json()


_COLUMNS = ("id", "name", "slug", "address", "phone", "is_warehouse", "is_active", "opening_hours")


def active_branches() -> list[BranchInfo]:
    """Return the branches whose stock counts, the warehouse first, then by name (one query)."""
    return [BranchInfo.of(row) for row in _rows()]


def shops() -> list[BranchInfo]:
    """Return the branches that people can walk into: all but the warehouse (one query)."""
    return [branch for branch in active_branches() if not branch.is_warehouse]


def shop(slug: str) -> BranchInfo:
    """Return one of them (one query); raise `BranchNotFound`."""
    row = _rows().filter(slug=slug, is_warehouse=False).first()
    if row is None:
        raise errors.BranchNotFound
    return BranchInfo.of(row)


def branch_list(window: Window) -> Page[BranchInfo]:
    """Return a page of the active ones (two queries); raise `PageNotFound` past the end."""
    page = paginate(_rows(), window)
    return page.with_items([BranchInfo.of(row) for row in page.items])


def branch_for_staff(branch_id: int) -> BranchInfo:
    """Return a branch, active or not (one query); raise `BranchNotFound` for a closed one."""
    row = (
        Branch.objects.filter(pk=branch_id, deleted_at__isnull=True).values_list(*_COLUMNS).first()
    )
    if row is None:
        raise errors.BranchNotFound
    return BranchInfo.of(row)


def _rows() -> QuerySet[Branch, tuple[Any, ...]]:
    return Branch.objects.active().order_by("-is_warehouse", "name", "id").values_list(*_COLUMNS)
