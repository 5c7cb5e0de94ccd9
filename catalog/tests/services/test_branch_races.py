"""A branch ends while somebody puts the first copy of a book on one of its shelves."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from catalog import errors
from catalog.models import Book, Branch
from catalog.services import branches, stock
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core import locks
from core.invariants import check_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("CATL-03")]


@pytest.fixture(params=["shelf that is empty", "shelf that is new"])
def shelf(request):
    """The ids of a book and a branch, with and without an inventory row between them."""
    book, branch = BookFactory(), BranchFactory()
    if request.param == "shelf that is empty":
        InventoryFactory(book=book, branch=branch, quantity=0)
    return book.pk, branch.pk


def switch_off(branch_id):
    changes = {"is_active": False}
    branches.change_branch(branch_id=branch_id, changes=changes, actor_id=None)


def close(branch_id):
    branches.close_branch(branch_id=branch_id, actor_id=None)


def end_while_stocking(shelf, end):
    """End the branch between the write and the commit of its first copy."""
    book_id, branch_id = shelf
    written, closed = threading.Event(), threading.Event()

    def put_first_copy():
        try:
            with transaction.atomic():
                stock.set_quantity(book_id=book_id, branch_id=branch_id, quantity=1, actor_id=None)
                written.set()
                closed.wait(timeout=0.5)
        finally:
            connection.close()

    def end_it():
        try:
            written.wait(timeout=10)
            end(branch_id)
        finally:
            closed.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(put_first_copy), pool.submit(end_it)]:
            future.result(timeout=30)


def breaches():
    return {verdict.invariant.name for verdict in check_all() if verdict.breaches}


def test_branch_that_is_switched_off_meanwhile_takes_the_first_copy_out(shelf):
    end_while_stocking(shelf, switch_off)

    assert (Branch.objects.active().count(), Book.objects.get().is_in_stock) == (0, False)
    assert breaches() == set()


def test_branch_is_not_closed_over_the_first_copy(shelf):
    with pytest.raises(errors.BranchHasStock):
        end_while_stocking(shelf, close)

    assert (Branch.objects.active().count(), Book.objects.get().is_in_stock) == (1, True)
    assert breaches() == set()


@pytest.mark.parametrize("end", [switch_off, close])
def test_control_without_locks_a_book_is_in_stock_nowhere(shelf, end, monkeypatch):
    monkeypatch.setattr(locks, "lock_rows", lambda rows, **kwargs: list(rows.order_by("pk")))
    end_while_stocking(shelf, end)

    assert (Branch.objects.active().count(), Book.objects.get().is_in_stock) == (0, True)
    assert breaches() == {"in_stock_flag_true"}
