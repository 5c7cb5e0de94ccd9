"""Doors repeat a transaction that lost a race in the database itself."""

import random
import time
from collections.abc import Callable

from django.db import OperationalError, connection
from psycopg import errors as pg

MOST_TRIES = 3
_REPEATABLE = (pg.SerializationFailure, pg.DeadlockDetected)


def run_retrying[T](work: Callable[[], T]) -> T:
    """Run `work`, again after a deadlock or serialisation failure, at most three times in all.

    Only for work that opens its own transaction: inside one there is nothing to repeat.
    """
    for attempt in range(1, MOST_TRIES + 1):
        try:
            return work()
        except OperationalError as error:
            lost_race = isinstance(error.__cause__, _REPEATABLE)
            if not lost_race or attempt == MOST_TRIES or connection.in_atomic_block:
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311  # jitter, no secret
    raise AssertionError("unreachable")
