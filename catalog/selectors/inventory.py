"""What stands on which shelf, for staff."""

from typing import Any

from django.db.models import Model, QuerySet

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


def in_branch[M: Model](rows: QuerySet[M], named: str) -> QuerySet[M]:
    """Narrow rows to the branch of an id or a slug; one query for a slug, to plan by its id."""
    if named.isdecimal():
        return rows.filter(branch_id=int(named))
    found = Branch.objects.filter(slug=named).values_list("pk", flat=True).first()
    return rows.none() if found is None else rows.filter(branch_id=found)


def inventory_list(
    user: Any, window: Window, *, branch: str = "", book: int | None = None, low_stock: bool = False
) -> Page[Inventory]:
    """Return a page of the shelves that `user` may see, the newest first.

    `branch` is an id or a slug, `low_stock` leaves the shelves with `FEW` copies or none. Three
    queries, one more for employees and one for a slug; quick at millions of rows, deep pages too:
    they are found by their keys alone. Raises `PageNotFound`.
    """
    rows = seen_by(Inventory.objects.all(), user)
    if branch:
        rows = in_branch(rows, branch)
    if book is not None:
        rows = rows.filter(book_id=book)
    if low_stock:
        rows = rows.filter(quantity__lte=FEW)
    page = paginate(rows.order_by("-pk").values_list("pk", flat=True), window)
    shelves = Inventory.objects.select_related("book", "branch").in_bulk(page.items)
    return page.with_items([shelves[pk] for pk in page.items if pk in shelves])


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
