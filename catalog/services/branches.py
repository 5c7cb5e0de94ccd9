"""Opening and closing branches: their stock counts or it does not."""

import uuid

from django.db import transaction
from django.utils import timezone

from catalog import errors
from catalog.models import Branch, Inventory
from catalog.services import stock
from core import locks
from core.services import audit


def close_branch(*, branch_id: int, actor_id: uuid.UUID | None) -> None:
    """Close a branch for good: its stock no longer counts, old orders still name it.

    Safe to repeat. Locks the branch, its inventory, then the rows of books with copies there.
    Audit `branch.closed`. Raises `BranchNotFound`, and `WarehouseNeeded` for the warehouse.
    """
    _switch(branch_id, actor_id, closed=True)


def reopen_branch(*, branch_id: int, actor_id: uuid.UUID | None) -> None:
    """Open a closed branch again, with the stock it had. Safe to repeat.

    Locks the branch, its inventory, then the rows of books with copies there. Audit
    `branch.reopened`. Raises `BranchNotFound`.
    """
    _switch(branch_id, actor_id, closed=False)


def recount_books(*, branch_id: int) -> None:
    """Set the in-stock flag anew of every book with copies in a branch that was switched.

    Joins the caller's transaction, which holds the branch locked. Locks all its inventory rows,
    then the rows of books with copies there.
    """
    # Who puts copies on a shelf here sees the branch as it was until we commit. So we wait for
    # them at their rows, empty ones too; who makes a new row waits for us at the branch.
    shelves = Inventory.objects.filter(branch_id=branch_id).only("pk", "book_id", "quantity")
    stock.refresh_in_stock(row.book_id for row in locks.lock_rows(shelves) if row.quantity)


def _switch(branch_id: int, actor_id: uuid.UUID | None, *, closed: bool) -> None:
    with transaction.atomic():
        branch = locks.lock_row(Branch.objects.filter(pk=branch_id))
        if branch is None:
            raise errors.BranchNotFound(branch_id=branch_id)
        if (branch.deleted_at is not None) == closed:
            return
        if branch.is_warehouse:
            raise errors.WarehouseNeeded(branch_id=branch_id)
        branch.deleted_at = timezone.now() if closed else None
        branch.save(update_fields=["deleted_at"])
        audit.record_change(
            action="branch.closed" if closed else "branch.reopened",
            entity_type="branch",
            entity_id=branch_id,
            actor_id=actor_id,
            old={"closed": not closed},
            new={"closed": closed},
        )
        recount_books(branch_id=branch_id)
