"""The only place that locks rows.

Rows are locked in primary-key order, only inside a transaction, only the rows themselves
(never joined tables), and never waited for longer than `TIMEOUT`. The order of tables is in
`docs/locking.md`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, models, transaction
from psycopg import errors as pg

from core.errors import Busy

TIMEOUT = "3s"


def lock_rows[M: models.Model](
    queryset: models.QuerySet[M], *, for_key_update: bool = False, skip_locked: bool = False
) -> list[M]:
    """Lock the rows of a query in primary-key order and return them as they are under the lock.

    Takes FOR NO KEY UPDATE, which lets foreign keys be checked meanwhile; `for_key_update` takes
    the full FOR UPDATE for rows about to be deleted. `skip_locked` leaves out rows that somebody
    else holds. Raises `Busy` when a lock is not had within `TIMEOUT`, and Django's
    TransactionManagementError outside `atomic`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A lock outside a transaction holds nothing.")
    with _busy_after_timeout():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TIMEOUT])
        return list(
            queryset.order_by("pk").select_for_update(
                of=("self",), no_key=not for_key_update, skip_locked=skip_locked
            )
        )


def lock_row[M: models.Model](queryset: models.QuerySet[M]) -> M | None:
    """Lock the one row of a query and return it, or None when there is none (see `lock_rows`)."""
    rows = lock_rows(queryset)
    return rows[0] if rows else None


@contextmanager
def _busy_after_timeout() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable):
            raise Busy from error
        raise
