"""Copies that orders take and give back."""

import uuid
from collections.abc import Mapping

from catalog.enums import MovementReason
from catalog.models import Inventory
from catalog.services.stock import ledger


def take_stock(
    *,
    branch_id: int,
    wanted: Mapping[int, int],
    references: Mapping[int, str],
    actor_id: uuid.UUID | None,
) -> None:
    """Take copies (`wanted`: book id -> number) out of a branch for a sale, all or none of them.

    Joins the caller's transaction as its last step: locks the branch's inventory rows, then the
    rows of books whose last copy here this was. `references` names the order behind each
    book's movement. Raises `InsufficientStock` naming every line that is short; then nothing has
    changed. The number of statements does not depend on the number of books.
    """
    ledger.refuse_fewer_than_one(wanted.values())
    rows = ledger.lock_shelves(branch_id, wanted)
    ledger.refuse_short(rows, wanted)
    _move(rows, MovementReason.SALE, {id_: -n for id_, n in wanted.items()}, references, actor_id)


def give_back_stock(
    *,
    branch_id: int,
    quantities: Mapping[int, int],
    references: Mapping[int, str],
    actor_id: uuid.UUID | None,
) -> None:
    """Put copies (book id -> number) back that a sale had taken from a branch.

    Joins the caller's transaction as its last step, with the locks of `take_stock`. A reference
    can be given back once: a second time is an IntegrityError. Sends `book_restocked` for each
    book of which there was no copy in any active branch before.
    """
    ledger.refuse_fewer_than_one(quantities.values())
    rows = ledger.lock_shelves(branch_id, quantities)
    _move(rows, MovementReason.SALE_RETURNED, quantities, references, actor_id)


def _move(
    rows: list[Inventory],
    reason: MovementReason,
    deltas: Mapping[int, int],
    references: Mapping[int, str],
    actor_id: uuid.UUID | None,
) -> None:
    ledger.move(
        rows,
        deltas={row.pk: deltas[row.book_id] for row in rows},
        reason=reason,
        references={row.pk: references.get(row.book_id, "") for row in rows},
        actor_id=actor_id,
    )
