"""Making the number on a shelf what somebody counted."""

import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction

from catalog import errors
from catalog.enums import MovementReason
from catalog.models import Book, Inventory
from catalog.selectors import inventory
from catalog.services.stock import ledger
from core import locks
from core.rows import fetch_rows

_SHELVES = """
    SELECT shelf.book_id, shelf.branch_id, shelf.id
      FROM unnest(%s::bigint[], %s::bigint[]) AS wanted (book_id, branch_id)
      JOIN catalog_inventory shelf USING (book_id, branch_id)
"""


class Count(NamedTuple):
    """How many copies of a book a branch is to have; `expected` is what it had when counted."""

    book_id: int
    branch_id: int
    quantity: int
    expected: int | None = None


class Differing(NamedTuple):
    """A shelf that no longer had what was expected, and was left alone; `found` is what it has."""

    book_id: int
    branch_id: int
    expected: int
    found: int


@dataclass
class Counted:
    """What became of many counts.

    `unknown` are (book id, branch id) of which there is no such book, or no such open branch.
    """

    changed: int = 0
    unchanged: int = 0
    differing: list[Differing] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)


def set_quantity(
    *,
    book_id: int,
    branch_id: int,
    quantity: int,
    actor_id: uuid.UUID | None,
    reason: MovementReason = MovementReason.CORRECTION,
    reference: str = "",
) -> Inventory:
    """Make a branch's copies of a book `quantity`; returns the row as it is now.

    Locks the inventory row (made if there was none, the branch locked), then the book's row when
    the quantity crosses zero. Leaves a movement and an audit row, or neither when nothing changes.
    Sends `book_restocked` when there was no copy anywhere before. Raises `Invalid`,
    `BookNotFound`, `BranchNotFound`.
    """
    ledger.refuse_out_of_range(quantity)
    with transaction.atomic():
        row = ledger.lock_open_shelf(book_id, branch_id)
        if quantity != row.quantity:
            ledger.change(
                [row],
                deltas={row.pk: quantity - row.quantity},
                reason=reason,
                reference=reference,
                actor_id=actor_id,
            )
        return row


def set_stock_of_book(
    *, book_id: int, quantity: int, actor_id: uuid.UUID | None, branch_id: int | None = None
) -> Inventory:
    """Make the copies of a book in a branch, the warehouse if none is named, `quantity`.

    As `set_quantity`, for a book that shoppers may find: raises `BookNotFound` for a withdrawn one
    too.
    """
    if not Book.objects.listed().filter(pk=book_id).exists():
        raise errors.BookNotFound(book_id=book_id)
    if branch_id is None:
        branch_id = inventory.warehouse_id()
    return set_quantity(book_id=book_id, branch_id=branch_id, quantity=quantity, actor_id=actor_id)


def set_quantities(
    *, rows: Iterable[Count | tuple[int, int, int]], reason: MovementReason, actor_id: uuid.UUID
) -> Counted:
    """Make many shelves hold what was counted; returns what became of them.

    For bulk edits: `rows` are `Count`s or bare (book id, branch id, quantity). Of several for one
    shelf the last counts. A shelf that no longer holds the `expected` copies is not touched but
    reported, so that a sale in between is not counted away. Works in batches of 5,000, each a
    transaction of its own (within the caller's, if there is one) with a constant number of
    statements. Locks, audit rows, signal as `set_quantity`; branches first where a shelf is new.
    Raises `Invalid` before anything changed.
    """
    counts = {(count.book_id, count.branch_id): count for count in (Count(*row) for row in rows)}
    for count in counts.values():
        ledger.refuse_out_of_range(count.quantity)
    outcome = Counted()
    for batch in itertools.batched(sorted(counts), ledger.BATCH):
        with transaction.atomic():
            _set_batch({pair: counts[pair] for pair in batch}, reason, actor_id, outcome)
    return outcome


def _set_batch(
    counts: dict[tuple[int, int], Count],
    reason: MovementReason,
    actor_id: uuid.UUID,
    outcome: Counted,
) -> None:
    deltas: dict[int, int] = {}
    moved: list[Inventory] = []
    rows = locks.lock_rows(Inventory.objects.filter(pk__in=_shelf_ids(list(counts), outcome)))
    opened = ledger.open_branches(row.branch_id for row in rows)
    for row in rows:
        count = counts[row.book_id, row.branch_id]
        if row.branch_id not in opened:
            outcome.unknown.append((row.book_id, row.branch_id))
        elif count.expected not in (None, row.quantity):
            outcome.differing.append(
                Differing(row.book_id, row.branch_id, count.expected, row.quantity)
            )
        elif count.quantity == row.quantity:
            outcome.unchanged += 1
        else:
            moved.append(row)
            deltas[row.pk] = count.quantity - row.quantity
    outcome.changed += len(moved)
    if moved:
        ledger.change(moved, deltas=deltas, reason=reason, actor_id=actor_id)


def _shelf_ids(pairs: list[tuple[int, int]], outcome: Counted) -> list[int]:
    """Return the ids of the rows of pairs, made where there were none."""
    found = _found(pairs)
    missing = [pair for pair in pairs if pair not in found]
    if missing:
        known = Book.objects.filter(pk__in={book_id for book_id, _ in missing})
        books = set(known.values_list("pk", flat=True))
        branches = ledger.lock_open_branches(branch_id for _, branch_id in missing)
        new = [pair for pair in missing if pair[0] in books and pair[1] in branches]
        outcome.unknown += [pair for pair in missing if pair not in set(new)]
        ledger.make_shelves(new)
        found |= _found(new)
    return list(found.values())


def _found(pairs: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    books, branches = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return {(book, branch): id_ for book, branch, id_ in fetch_rows(_SHELVES, [books, branches])}
