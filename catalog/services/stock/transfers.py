"""Copies that go from one branch to another."""

import secrets
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.enums import MovementReason
from catalog.models import Inventory
from catalog.services.stock import ledger
from catalog.services.stock.receipts import movement_of
from core import locks
from core.errors import Invalid


@dataclass(frozen=True)
class Transfer:
    """Both shelves as they are now, and the reference that their two movements share."""

    reference: str
    source: Inventory
    target: Inventory


def transfer(
    *,
    book_id: int,
    from_branch_id: int,
    to_branch_id: int,
    copies: int,
    actor_id: uuid.UUID | None,
    reference: str = "",
) -> Transfer:
    """Take copies of a book from one branch's shelf and put them on another's, or do neither.

    Two movements with one `reference` (made if none is given); with a given one it happens once,
    a second call returns both shelves as they are. Locks both inventory rows in the order of their
    keys (a new one is made first, the branch locked), then the book's row where a shelf became
    empty or got its first copy. Leaves two audit rows. Sends `book_restocked` if the copies came
    from where they did not count. Raises `InsufficientStock`, `Invalid` for one and the same
    branch or fewer than one copy, `BookNotFound`, `BranchNotFound`.
    """
    ledger.refuse_fewer_than_one([copies])
    if from_branch_id == to_branch_id:
        raise Invalid(fields={"to_branch_id": [_("Choose another branch.")]})
    with transaction.atomic():
        source, target = _lock_both(book_id, from_branch_id, to_branch_id, copies)
        ledger.refuse_closed(to_branch_id)
        if movement_of(source, MovementReason.TRANSFER, reference):
            return Transfer(reference, source, target)
        ledger.refuse_short([source], {book_id: copies})
        ledger.refuse_overfull(target, copies)
        reference = reference or f"T-{secrets.token_hex(6)}"
        ledger.change(
            [source, target],
            deltas={source.pk: -copies, target.pk: copies},
            reason=MovementReason.TRANSFER,
            reference=reference,
            actor_id=actor_id,
        )
        return Transfer(reference, source, target)


def _lock_both(
    book_id: int, from_branch_id: int, to_branch_id: int, copies: int
) -> tuple[Inventory, Inventory]:
    """Lock both rows in one statement; a new one is made before any is held."""
    shelves = Inventory.objects.filter(
        book_id=book_id, branch_id__in=(from_branch_id, to_branch_id)
    )
    if not shelves.filter(branch_id=to_branch_id).exists():
        ledger.make_shelf(book_id, to_branch_id)
    rows = {row.branch_id: row for row in locks.lock_rows(shelves)}
    if from_branch_id not in rows:
        ledger.refuse_short([], {book_id: copies})
    return rows[from_branch_id], rows[to_branch_id]
