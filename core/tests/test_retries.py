"""Lost races are run again; everything else is not."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from psycopg import errors as pg

from core import retries
from core.retries import run_retrying
from core.tests.test_locks import make_records


def failing(times: int, cause: Exception):
    """Work that fails `times` times before it returns how often it ran."""
    runs = []

    def work():
        runs.append(1)
        if len(runs) <= times:
            raise OperationalError(str(cause)) from cause
        return len(runs)

    return work, runs


@pytest.fixture
def no_pauses(monkeypatch):
    monkeypatch.setattr(retries.time, "sleep", lambda seconds: None)


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cause", [pg.DeadlockDetected, pg.SerializationFailure])
def test_lost_race_is_run_again(cause):
    work, _runs = failing(2, cause())

    assert run_retrying(work) == 3


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.django_db(transaction=True)
def test_third_loss_is_the_last():
    work, runs = failing(3, pg.DeadlockDetected())
    with pytest.raises(OperationalError):
        run_retrying(work)

    assert len(runs) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cause", [pg.LockNotAvailable(), pg.AdminShutdown(), None])
def test_other_failures_are_not_repeated(cause):
    work, runs = failing(1, cause or pg.DiskFull())
    with pytest.raises(OperationalError):
        run_retrying(work)

    assert len(runs) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_repeated_inside_a_transaction():
    work, runs = failing(1, pg.DeadlockDetected())
    with pytest.raises(OperationalError), transaction.atomic():
        run_retrying(work)

    assert len(runs) == 1


@pytest.mark.django_db(transaction=True)
def test_real_deadlock_ends_with_both_sides_done():
    first, second = (record.pk for record in make_records(2))
    both_hold_one = threading.Barrier(2, timeout=10)
    ran = []

    def cross(mine: int, other: int) -> None:
        met = []

        def work() -> None:
            ran.append(mine)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '50ms'")
                add_letter(cursor, mine)
                if not met:
                    met.append(both_hold_one.wait())
                add_letter(cursor, other)

        try:
            run_retrying(work)
        finally:
            connection.close()

    rivals = [
        threading.Thread(target=cross, args=pair) for pair in [(first, second), (second, first)]
    ]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()

    with connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM core_idempotencyrecord ORDER BY id")
        assert cursor.fetchall() == [("xx",), ("xx",)]
    assert len(ran) > 2  # whoever lost came again


def add_letter(cursor, record: int) -> None:
    cursor.execute(
        "UPDATE core_idempotencyrecord SET reference = reference || 'x' WHERE id = %s", [record]
    )
