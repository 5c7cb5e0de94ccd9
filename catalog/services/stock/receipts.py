"""Copies that come in, and receipts that were a mistake."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from catalog import errors
from catalog.enums import MovementReason
from catalog.models import Inventory, StockMovement
from catalog.selectors.receiving import UNDONE
from catalog.services.stock import ledger
from core import locks


@dataclass(frozen=True)
class Receipt:
    """A movement, the shelf as it is now, and whether this call made it or an earlier one."""

    movement: StockMovement
    shelf: Inventory
    is_new: bool


def add_copies(
    *,
    book_id: int,
    branch_id: int,
    copies: int,
    actor_id: uuid.UUID | None,
    reason: MovementReason = MovementReason.RECEIVED,
    reference: str = "",
) -> Receipt:
    """Put copies of a book on a branch's shelf.

    With a `reference` it happens once: a second call with the same one, however soon, changes
    nothing and returns the first one's movement. Locks the inventory row (made if there was none,
    the branch locked), then the book's row if these are the first copies here. Leaves a movement
    and an audit row; sends `book_restocked` when there was no copy anywhere before. Raises
    `Invalid`, `BookNotFound`, `BranchNotFound`.
    """
    ledger.refuse_fewer_than_one([copies])
    with transaction.atomic():
        row = ledger.lock_open_shelf(book_id, branch_id)
        done = movement_of(row, reason, reference)
        if done:
            return Receipt(done, row, is_new=False)
        ledger.refuse_overfull(row, copies)
        return _moved(row, copies, reason, reference, actor_id)


def take_back_receipt(*, movement_id: int, actor_id: uuid.UUID | None) -> Receipt:
    """Undo a receipt that was a mistake, by a movement that takes its copies off again, once.

    Locks the inventory row, then the book's row if no copy is left here. Raises
    `MovementNotFound` for what is no receipt with a reference, `InsufficientStock` when its copies
    are sold already.
    """
    with transaction.atomic():
        made = _receipt(movement_id)
        row = locks.lock_rows(Inventory.objects.filter(pk=made.inventory_id))[0]
        reference = made.reference + UNDONE
        done = movement_of(row, MovementReason.RECEIVED, reference)
        if done:
            return Receipt(done, row, is_new=False)
        ledger.refuse_short([row], {row.book_id: made.delta})
        return _moved(row, -made.delta, MovementReason.RECEIVED, reference, actor_id)


def movement_of(row: Inventory, reason: MovementReason, reference: str) -> StockMovement | None:
    """Return the movement that a reference has made of a locked row already."""
    if not reference:
        return None
    return StockMovement.objects.filter(inventory=row, reason=reason, reference=reference).first()


def _receipt(movement_id: int) -> StockMovement:
    receipts = StockMovement.objects.filter(reason=MovementReason.RECEIVED, delta__gt=0)
    made = receipts.exclude(reference="").filter(pk=movement_id).first()
    if made is None:
        raise errors.MovementNotFound
    return made


def _moved(
    row: Inventory,
    delta: int,
    reason: MovementReason,
    reference: str,
    actor_id: uuid.UUID | None,
) -> Receipt:
    [made] = ledger.change(
        [row], deltas={row.pk: delta}, reason=reason, reference=reference, actor_id=actor_id
    )
    return Receipt(made, row, is_new=True)
