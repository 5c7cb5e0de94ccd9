"""What stands on which shelf, for staff."""

from typing import Any

from django.db.models import Model, Q, QuerySet

from catalog import errors
from catalog.models import Branch, Inventory
from catalog.selectors import branch_staff
from core.pagination import Page, Window, paginate

# At most so many copies are few.
FEW = 3


def seen_by[M: Model](rows: QuerySet[M], user: Any, *, branch: str = "branch_id") -> QuerySet[M]:
    """Narrow rows to the branches of an employee who is tied to some; others see all.

    `branch` is the way from a row to the id of its branch. Asks nothing for managers.
    """
    branch_ids = branch_staff.branches_of(user)
    return rows if branch_ids is None else rows.filter(**{f"{branch}__in": branch_ids})


def named_branch(named: str, *, way: str = "branch") -> Q:
    """Return the condition for the branch of an id or a slug."""
    return Q(**{f"{way}_id": int(named)}) if named.isdecimal() else Q(**{f"{way}__slug": named})


def inventory_list(
    user: Any, window: Window, *, branch: str = "", book: int | None = None, low_stock: bool = False
) -> Page[Inventory]:
    """Return a page of the shelves that `user` may see, the newest first.

    `branch` is an id or a slug, `low_stock` leaves the shelves with `FEW` copies or none. Two
    queries (three for employees), quick at millions of rows. Raises `PageNotFound`.
    """
    rows = seen_by(Inventory.objects.select_related("book", "branch"), user)
    if branch:
        rows = rows.filter(named_branch(branch))
    if book is not None:
        rows = rows.filter(book_id=book)
    if low_stock:
        rows = rows.filter(quantity__lte=FEW)
    return paginate(rows.order_by("-pk"), window)


def shelf_for(user: Any, inventory_id: int) -> Inventory:
    """Return a shelf with its book and branch; raise `ShelfNotFound` for what is not theirs."""
    rows = seen_by(Inventory.objects.select_related("book", "branch"), user)
    shelf = rows.filter(pk=inventory_id).first()
    if shelf is None:
        raise errors.ShelfNotFound
    return shelf


def warehouse_id() -> int:
    """Return the id of the branch that ships; raise `BranchNotFound` where there is none."""
    warehouses = Branch.objects.filter(is_warehouse=True, deleted_at__isnull=True)
    found = warehouses.values_list("pk", flat=True).first()
    if found is None:
        raise errors.BranchNotFound
    return found


def open_branches_of(user: Any) -> QuerySet[Branch]:
    """Return the branches, open for good, that `user` may see, the warehouse first, by name."""
    open_ones = Branch.objects.filter(deleted_at__isnull=True)
    return seen_by(open_ones, user, branch="pk").order_by("-is_warehouse", "name", "pk")
