"""What every change of stock shares: rows under lock, movements, the audit trail, the flag."""

import uuid
from collections.abc import Iterable, Mapping

from django.db import connection
from django.utils.translation import gettext as _

from catalog import errors, signals
from catalog.enums import MovementReason
from catalog.models import Book, Branch, Inventory, StockMovement
from core import locks
from core.errors import Invalid
from core.services import audit

MOST_COPIES = 1_000_000
BATCH = 5_000


def refuse_fewer_than_one(copies: Iterable[int]) -> None:
    """Raise `Invalid` unless every number asks for at least one copy."""
    if any(each < 1 for each in copies):
        raise Invalid(fields={"quantity": [_("Ask for at least one copy.")]})


def refuse_out_of_range(quantity: int) -> None:
    """Raise `Invalid` unless a shelf can hold so many copies."""
    if not 0 <= quantity <= MOST_COPIES:
        message = _("Give a number from 0 to %(most)d.") % {"most": MOST_COPIES}
        raise Invalid(fields={"quantity": [message]})


def refuse_overfull(row: Inventory, copies: int) -> None:
    """Raise `Invalid` unless a locked row can take so many copies more."""
    if row.quantity + copies > MOST_COPIES:
        message = _("A branch holds at most %(most)d copies of a book.") % {"most": MOST_COPIES}
        raise Invalid(fields={"quantity": [message]})


def refuse_closed(branch_id: int) -> None:
    """Raise `BranchNotFound` for a branch that is closed for good, whatever rows it still has."""
    if not open_branches([branch_id]):
        raise errors.BranchNotFound(branch_id=branch_id)


def open_branches(branch_ids: Iterable[int]) -> set[int]:
    """Return the ids of those that are not closed for good (one query)."""
    branches = Branch.objects.filter(pk__in=set(branch_ids), deleted_at__isnull=True)
    return set(branches.values_list("pk", flat=True))


def lock_shelves(branch_id: int, book_ids: Iterable[int]) -> list[Inventory]:
    """Lock a branch's rows of these books; books that it never had have none."""
    return locks.lock_rows(
        Inventory.objects.filter(branch_id=branch_id, book_id__in=list(book_ids))
    )


def lock_shelf(book_id: int, branch_id: int) -> Inventory:
    """Lock a branch's row of a book, made if there was none (the branch locked first).

    Raises `BookNotFound`, and `BranchNotFound` for a branch that is closed or was never there.
    """
    rows = lock_shelves(branch_id, [book_id])
    if not rows:
        make_shelf(book_id, branch_id)
        rows = lock_shelves(branch_id, [book_id])
    return rows[0]


def lock_open_shelf(book_id: int, branch_id: int) -> Inventory:
    """Do what `lock_shelf` does; raise `BranchNotFound` for every branch that is closed.

    Asked under the lock: a branch that is just being closed holds all its rows until it is.
    """
    row = lock_shelf(book_id, branch_id)
    refuse_closed(branch_id)
    return row


def make_shelf(book_id: int, branch_id: int) -> None:
    """Make an empty row, unless there is one, under the lock of the branch; the row is not locked.

    Raises as `lock_shelf` does.
    """
    if not Book.objects.filter(pk=book_id).exists():
        raise errors.BookNotFound(book_id=book_id)
    if branch_id not in lock_open_branches([branch_id]):
        raise errors.BranchNotFound(branch_id=branch_id)
    make_shelves([(book_id, branch_id)])


def lock_open_branches(branch_ids: Iterable[int]) -> set[int]:
    """Lock branches and return the ids of those that are not closed for good.

    A branch that is just being closed looks at the rows it has: new ones must come before or after.
    """
    branches = Branch.objects.filter(pk__in=set(branch_ids), deleted_at__isnull=True)
    return {branch.pk for branch in locks.lock_rows(branches.only("pk"))}


def make_shelves(pairs: Iterable[tuple[int, int]]) -> None:
    """Make empty rows for (book id, branch id); the branches are locked.

    Somebody else may be making the same row: both end up waiting for the one lock.
    """
    Inventory.objects.bulk_create(
        [Inventory(book_id=book_id, branch_id=branch_id) for book_id, branch_id in pairs],
        ignore_conflicts=True,
    )


def refuse_short(rows: list[Inventory], wanted: Mapping[int, int]) -> None:
    """Raise `InsufficientStock` naming the books of which a branch's rows have too few copies."""
    available = {row.book_id: row.quantity for row in rows}
    short = [book_id for book_id in wanted if available.get(book_id, 0) < wanted[book_id]]
    if not short:
        return
    titles = dict(Book.objects.filter(pk__in=short).values_list("pk", "title"))
    raise errors.InsufficientStock(
        items=[
            {
                "book_id": book_id,
                "title": titles.get(book_id, ""),
                "requested": wanted[book_id],
                "available": available.get(book_id, 0),
            }
            for book_id in short
        ]
    )


def move(
    rows: list[Inventory],
    *,
    deltas: Mapping[int, int],
    reason: MovementReason,
    references: Mapping[int, str],
    actor_id: uuid.UUID | None,
) -> list[StockMovement]:
    """Change locked rows, write the ledger, make the books' flags right.

    `deltas` and `references` go by inventory id. Returns the movements; `row.quantity` is then
    what is stored. The number of statements does not depend on the number of rows. Sends
    `book_restocked`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_inventory AS row SET quantity = row.quantity + change.delta"
            " FROM unnest(%s::bigint[], %s::int[]) AS change (id, delta) WHERE row.id = change.id",
            [[row.pk for row in rows], [deltas[row.pk] for row in rows]],
        )
    movements = StockMovement.objects.bulk_create(
        StockMovement(
            inventory=row,
            delta=deltas[row.pk],
            reason=reason,
            reference=references.get(row.pk, ""),
            actor_id=actor_id,
        )
        for row in rows
    )
    crossed = []
    for row in rows:
        before, row.quantity = row.quantity, row.quantity + deltas[row.pk]
        if not (before and row.quantity):
            crossed.append(row.book_id)
    settle_flags(crossed)
    return movements


def change(
    rows: list[Inventory],
    *,
    deltas: Mapping[int, int],
    reason: MovementReason,
    actor_id: uuid.UUID | None,
    reference: str = "",
) -> list[StockMovement]:
    """Do what `move` does, and tell the audit trail: for changes that have no order behind them."""
    said = {"reason": str(reason)} | ({"reference": reference} if reference else {})
    audit.record_changes(
        [
            audit.Change(
                entity_id=row.pk,
                old={"quantity": row.quantity},
                new={"quantity": row.quantity + deltas[row.pk]},
                context={"book_id": row.book_id, "branch_id": row.branch_id} | said,
            )
            for row in rows
        ],
        action="stock.changed",
        entity_type="inventory",
        actor_id=actor_id,
    )
    references = dict.fromkeys(deltas, reference)
    return move(rows, deltas=deltas, reason=reason, references=references, actor_id=actor_id)


def settle_flags(book_ids: Iterable[int]) -> None:
    """Lock books, look at their stock again under the lock, make `is_in_stock` say so.

    Whoever changes another branch's row of the same book waits for this lock and looks after us.
    Sends `book_restocked` for those that came into stock.
    """
    wanted = set(book_ids)
    if not wanted:
        return
    books = locks.lock_rows(Book.objects.filter(pk__in=wanted).only("pk", "is_in_stock"))
    stocked = set(
        Inventory.objects.filter(
            book_id__in=wanted, quantity__gt=0, branch__in=Branch.objects.active()
        ).values_list("book_id", flat=True)
    )
    came = [book.pk for book in books if not book.is_in_stock and book.pk in stocked]
    went = [book.pk for book in books if book.is_in_stock and book.pk not in stocked]
    if came:
        Book.objects.filter(pk__in=came).update(is_in_stock=True)
    if went:
        Book.objects.filter(pk__in=went).update(is_in_stock=False)
    for book_id in came:
        signals.book_restocked.send(sender=Book, book_id=book_id)
