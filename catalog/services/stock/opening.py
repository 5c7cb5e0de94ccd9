"""Whole catalogues' first stock, and flags after a branch was switched."""

import itertools
from collections.abc import Iterable

from django.db import connection, transaction

from catalog.enums import MovementReason
from catalog.models import Branch
from catalog.services.stock import ledger
from core import locks


def receive_opening_stock(*, rows: Iterable[tuple[int, int, int]]) -> int:
    """Bring in first stock as (book id, branch id, quantity); returns how many rows were new.

    For whole catalogues: a few statements for thousands of rows. Safe to repeat: a branch that
    has a row for the book already keeps it as it is. Locks the branches, then the rows of books
    that get copies.
    """
    created = 0
    for batch in itertools.batched(rows, ledger.BATCH):
        with transaction.atomic():
            new, stocked = _insert_opening(sorted(batch))
            ledger.settle_flags(stocked)
        created += new
    return created


def refresh_in_stock(book_ids: Iterable[int]) -> None:
    """Set the in-stock flag of books anew, after a branch was switched on or off.

    Joins the caller's transaction; locks the books' rows. Sends `book_restocked` for those that
    came into stock.
    """
    with transaction.atomic():
        for batch in itertools.batched(sorted(set(book_ids)), ledger.BATCH):
            ledger.settle_flags(batch)


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
