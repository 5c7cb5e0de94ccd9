"""Every change of stock. A branch's quantity is the sum of its movements, never below zero.

Locks: inventory rows by primary key, then the rows of books whose last copy went or whose first
came. Both are the last locks of any transaction (docs/locking.md).
"""

import itertools
import uuid
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _

from catalog import errors, signals
from catalog.enums import MovementReason
from catalog.models import Book, Branch, Inventory, StockMovement
from core import locks
from core.errors import Invalid
from core.services import audit

MOST_COPIES = 1_000_000
_BATCH = 5_000


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
    _refuse_senseless(wanted)
    rows = _locked_rows(branch_id, wanted)
    _refuse_short(rows, wanted)
    _move(
        rows,
        deltas={book_id: -copies for book_id, copies in wanted.items()},
        reason=MovementReason.SALE,
        references=references,
        actor_id=actor_id,
    )
    _settle_flags([row.book_id for row in rows if row.quantity == wanted[row.book_id]])


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
    _refuse_senseless(quantities)
    rows = _locked_rows(branch_id, quantities)
    _move(
        rows,
        deltas=quantities,
        reason=MovementReason.SALE_RETURNED,
        references=references,
        actor_id=actor_id,
    )
    _settle_flags([row.book_id for row in rows if row.quantity == 0])


def set_quantity(
    *,
    book_id: int,
    branch_id: int,
    quantity: int,
    actor_id: uuid.UUID | None,
    reason: MovementReason = MovementReason.CORRECTION,
) -> Inventory:
    """Make a branch's copies of a book `quantity`; returns the row as it is now.

    Locks the inventory row (made if there was none, the branch locked), then the book's row when
    the quantity crosses zero. Leaves a movement and an audit row, or neither when nothing changes.
    Sends `book_restocked` when there was no copy anywhere before. Raises `Invalid`,
    `BookNotFound`, `BranchNotFound`.
    """
    if not 0 <= quantity <= MOST_COPIES:
        message = _("Give a number from 0 to %(most)d.") % {"most": MOST_COPIES}
        raise Invalid(fields={"quantity": [message]})
    with transaction.atomic():
        row = _locked_row(book_id, branch_id)
        before = row.quantity
        if quantity == before:
            return row
        _move(
            [row],
            deltas={book_id: quantity - before},
            reason=reason,
            references={},
            actor_id=actor_id,
        )
        row.quantity = quantity
        audit.record_change(
            action="stock.changed",
            entity_type="inventory",
            entity_id=row.pk,
            actor_id=actor_id,
            old={"quantity": before},
            new={"quantity": quantity},
            context={"book_id": book_id, "branch_id": branch_id, "reason": str(reason)},
        )
        if not (before and quantity):
            _settle_flags([book_id])
        return row


def receive_opening_stock(*, rows: Iterable[tuple[int, int, int]]) -> int:
    """Bring in first stock as (book id, branch id, quantity); returns how many rows were new.

    For whole catalogues: a few statements for thousands of rows. Safe to repeat: a branch that
    has a row for the book already keeps it as it is. Locks the branches, then the rows of books
    that get copies.
    """
    created = 0
    for batch in itertools.batched(rows, _BATCH):
        with transaction.atomic():
            new, stocked = _insert_opening(sorted(batch))
            _settle_flags(stocked)
        created += new
    return created


def refresh_in_stock(book_ids: Iterable[int]) -> None:
    """Set the in-stock flag of books anew, after a branch was switched on or off.

    Joins the caller's transaction; locks the books' rows. Sends `book_restocked` for those that
    came into stock.
    """
    with transaction.atomic():
        for batch in itertools.batched(sorted(set(book_ids)), _BATCH):
            _settle_flags(list(batch))


def _refuse_senseless(copies_by_book: Mapping[int, int]) -> None:
    if any(copies < 1 for copies in copies_by_book.values()):
        raise Invalid(fields={"quantity": [_("Ask for at least one copy.")]})


def _locked_rows(branch_id: int, book_ids: Iterable[int]) -> list[Inventory]:
    return locks.lock_rows(
        Inventory.objects.filter(branch_id=branch_id, book_id__in=list(book_ids))
    )


def _locked_row(book_id: int, branch_id: int) -> Inventory:
    rows = _locked_rows(branch_id, [book_id])
    if rows:
        return rows[0]
    if not Book.objects.filter(pk=book_id).exists():
        raise errors.BookNotFound(book_id=book_id)
    # A branch that is just being closed looks at the rows it has: ours must come before or after.
    if locks.lock_row(Branch.objects.filter(pk=branch_id, deleted_at__isnull=True)) is None:
        raise errors.BranchNotFound(branch_id=branch_id)
    # Somebody else may be making the same row: both end up waiting for the one lock.
    Inventory.objects.bulk_create(
        [Inventory(book_id=book_id, branch_id=branch_id)], ignore_conflicts=True
    )
    return _locked_rows(branch_id, [book_id])[0]


def _refuse_short(rows: list[Inventory], wanted: Mapping[int, int]) -> None:
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


def _move(
    rows: list[Inventory],
    *,
    deltas: Mapping[int, int],
    reason: MovementReason,
    references: Mapping[int, str],
    actor_id: uuid.UUID | None,
) -> None:
    """Change locked rows and write the ledger: two statements, however many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_inventory AS row SET quantity = row.quantity + change.delta"
            " FROM unnest(%s::bigint[], %s::int[]) AS change (id, delta) WHERE row.id = change.id",
            [[row.pk for row in rows], [deltas[row.book_id] for row in rows]],
        )
    StockMovement.objects.bulk_create(
        StockMovement(
            inventory=row,
            delta=deltas[row.book_id],
            reason=reason,
            reference=references.get(row.book_id, ""),
            actor_id=actor_id,
        )
        for row in rows
    )


def _insert_opening(rows: list[tuple[int, int, int]]) -> tuple[int, list[int]]:
    """Insert rows that are not there and their movements; returns how many, and books stocked."""
    books, branches, quantities = (list(column) for column in zip(*rows, strict=True))
    locks.lock_rows(Branch.objects.filter(pk__in=set(branches)).only("pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH created AS (
                INSERT INTO catalog_inventory (book_id, branch_id, quantity)
                SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[])
                ON CONFLICT (book_id, branch_id) DO NOTHING
                RETURNING id, book_id, quantity
            ), ledger AS (
                INSERT INTO catalog_stockmovement
                    (inventory_id, delta, reason, reference, created_at)
                SELECT id, quantity, %s, '', now() FROM created WHERE quantity > 0
            )
            SELECT book_id, quantity > 0 FROM created
            """,
            [books, branches, quantities, MovementReason.OPENING],
        )
        created = cursor.fetchall()
    return len(created), sorted({book_id for book_id, has_copies in created if has_copies})


def _settle_flags(book_ids: list[int]) -> None:
    """Lock books, look at their stock again under the lock, make `is_in_stock` say so.

    Whoever changes another branch's row of the same book waits for this lock and looks after us.
    """
    if not book_ids:
        return
    books = locks.lock_rows(Book.objects.filter(pk__in=book_ids).only("pk", "is_in_stock"))
    stocked = set(
        Inventory.objects.filter(
            book_id__in=book_ids, quantity__gt=0, branch__in=Branch.objects.active()
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
