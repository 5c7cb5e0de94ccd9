"""Stock under simultaneous hands, each with a control that shows the fault without the lock.

T007 as a set against a sale; what is added, sent and approved is in test_stock_move_races.
"""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, close_old_connections, connection

from catalog import errors
from catalog.models import Inventory
from catalog.services import stock
from catalog.services.stock import ledger
from catalog.tests.factories import BookFactory, InventoryFactory
from catalog.tests.stock_jobs import breaches, sale_of
from core import locks

pytestmark = pytest.mark.django_db(transaction=True)


def run_together(*jobs):
    """Run the jobs at once, each on a connection of its own; return what each ended with."""
    start = threading.Barrier(len(jobs))

    def run(job):
        start.wait(timeout=10)
        try:
            return job() or "done"
        except (errors.InsufficientStock, IntegrityError) as error:
            return type(error)
        finally:
            connection.close()

    close_old_connections()
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, job) for job in jobs]]


def correction_of(row, quantity):
    def correct():
        stock.set_quantity(
            book_id=row.book_id, branch_id=row.branch_id, quantity=quantity, actor_id=None
        )

    return correct


@pytest.fixture
def without_locks(monkeypatch):
    """Rows are read without a lock, and nobody writes before everybody has read."""

    def arm(parties):
        read = threading.Barrier(parties)

        def read_only(queryset, **kwargs):
            rows = list(queryset.order_by("pk"))
            with contextlib.suppress(threading.BrokenBarrierError):
                read.wait(timeout=3)
            return rows

        monkeypatch.setattr(locks, "lock_rows", read_only)

    return arm


@pytest.mark.req("CATL-03")
def test_last_copy_wanted_by_eight_goes_to_one():
    row = InventoryFactory(quantity=1)
    results = run_together(*[sale_of(row)] * 8)
    assert sorted(map(str, results)) == sorted(map(str, ["done"] + [errors.InsufficientStock] * 7))
    assert Inventory.objects.get().quantity == 0
    assert breaches() == set()


@pytest.mark.req("CATL-03")
def test_last_copy_without_the_lock_is_saved_by_the_constraint_only(without_locks):
    row = InventoryFactory(quantity=1)
    without_locks(2)
    results = run_together(sale_of(row), sale_of(row))
    assert sorted(map(str, results)) == sorted(map(str, ["done", IntegrityError]))
    assert Inventory.objects.get().quantity == 0


@pytest.mark.req("CATL-04")
@pytest.mark.parametrize("attempt", range(3))
def test_last_copies_of_two_branches_sold_at_once_clear_the_flag(attempt):
    book = BookFactory()
    rows = [InventoryFactory(book=book, quantity=1) for _ in range(2)]
    assert run_together(*map(sale_of, rows)) == ["done", "done"]
    book.refresh_from_db()
    assert book.is_in_stock is False
    assert breaches() == set()


@pytest.mark.req("CATL-04")
def test_last_copies_of_two_branches_without_the_lock_leave_a_wrong_flag(monkeypatch):
    book = BookFactory()
    rows = [InventoryFactory(book=book, quantity=1) for _ in range(2)]
    settle, looked = ledger.settle_flags, threading.Barrier(2)
    monkeypatch.setattr(locks, "lock_rows", lambda queryset, **kwargs: list(queryset))

    def settle_together(book_ids):
        settle(book_ids)
        looked.wait(timeout=5)

    monkeypatch.setattr(ledger, "settle_flags", settle_together)
    assert run_together(*map(sale_of, rows)) == ["done", "done"]
    assert breaches() == {"in_stock_flag_true"}


@pytest.mark.req("CATL-04")
@pytest.mark.parametrize("attempt", range(3))
def test_correction_and_sale_at_once_keep_the_ledger(attempt):
    row = InventoryFactory(quantity=5)
    results = run_together(sale_of(row, 4), correction_of(row, 3))
    assert IntegrityError not in results
    assert Inventory.objects.get().quantity == 3
    assert breaches() == set()


@pytest.mark.req("CATL-04")
def test_correction_and_sale_without_the_lock_are_stopped_by_the_constraint_only(without_locks):
    row = InventoryFactory(quantity=5)
    without_locks(2)
    # In either order there would be 3 copies and no IntegrityError.
    results = run_together(sale_of(row, 4), correction_of(row, 3))
    assert IntegrityError in results


@pytest.mark.req("CATL-03")
def test_first_stock_set_by_two_at_once_is_one_row():
    row = InventoryFactory(quantity=0)
    book = BookFactory()
    target = Inventory(book=book, branch=row.branch)
    assert run_together(correction_of(target, 4), correction_of(target, 4)) == ["done", "done"]
    assert Inventory.objects.get(book=book).quantity == 4
    assert breaches() == set()
