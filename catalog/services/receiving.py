"""Books that arrive in a branch, scanned one after the other; and shelves that are counted."""

import re
from typing import Any

from django.utils.translation import gettext as _

from catalog import errors
from catalog.models import Inventory
from catalog.selectors import receiving
from catalog.services import stock
from catalog.text import tidy
from core.errors import Invalid

LONGEST_NOTE = 40
_SCAN = re.compile(r"[A-Za-z0-9_-]{8,16}")


def note_of(text: str) -> str:
    """Return a delivery note's number as references hold it; raise `Invalid` for a long one."""
    note = tidy(text).replace("/", "-")
    if len(note) > LONGEST_NOTE:
        message = _("At most %(most)d characters.") % {"most": LONGEST_NOTE}
        raise Invalid(fields={"note": [message]})
    return note


def receive_copies(
    *, user: Any, branch_id: int, book_id: int, copies: int, note: str, scan: str
) -> stock.Receipt:
    """Put copies that arrived with a delivery note on a branch's shelf, once for each scan.

    The movement's reference is "<note>/<scan>": the same `scan` sent twice counts once. Locks,
    audit and signal as `stock.add_copies`. Raises `BranchNotFound` for a branch where `user` does
    not receive, `Invalid`, `BookNotFound`.
    """
    if not _SCAN.fullmatch(scan):
        raise Invalid(fields={"scan": [_("Please scan it once more.")]})
    _check_branch(user, branch_id)
    return stock.add_copies(
        book_id=book_id,
        branch_id=branch_id,
        copies=copies,
        reference=f"{note_of(note)}/{scan}",
        actor_id=user.pk,
    )


def take_back(*, user: Any, movement_id: int) -> stock.Receipt:
    """Undo a wrong scan by a movement that takes its copies off again, once.

    Locks and refusals as `stock.take_back_receipt`; raises `MovementNotFound` for a branch where
    `user` does not receive too.
    """
    receipt = receiving.receipt_for(user, movement_id)
    return stock.take_back_receipt(movement_id=receipt.pk, actor_id=user.pk)


def count_shelf(*, user: Any, branch_id: int, book_id: int, copies: int) -> Inventory:
    """Make a branch's copies of a book what was counted at the shelf.

    Locks, audit and signal as `stock.set_quantity`. Raises `BranchNotFound` for a branch where
    `user` does not receive, `Invalid`, `BookNotFound`.
    """
    _check_branch(user, branch_id)
    return stock.set_quantity(
        book_id=book_id, branch_id=branch_id, quantity=copies, actor_id=user.pk
    )


def _check_branch(user: Any, branch_id: int) -> None:
    if not receiving.branches_for(user).filter(pk=branch_id).exists():
        raise errors.BranchNotFound(branch_id=branch_id)
