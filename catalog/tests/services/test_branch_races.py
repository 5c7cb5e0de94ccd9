"""A branch closes while somebody puts the first copy of a book on one of its shelves."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

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


def close_while_stocking(shelf):
    """Close the branch between the write and the commit of its first copy."""
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

    def close():
        try:
            written.wait(timeout=10)
            branches.close_branch(branch_id=branch_id, actor_id=None)
        finally:
            closed.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(put_first_copy), pool.submit(close)]:
            future.result(timeout=30)


def breaches():
    return {verdict.invariant.name for verdict in check_all() if verdict.breaches}


def test_branch_that_closes_meanwhile_takes_the_first_copy_out(shelf):
    close_while_stocking(shelf)

    assert (Branch.objects.active().count(), Book.objects.get().is_in_stock) == (0, False)
    assert breaches() == set()


def test_control_without_locks_a_closed_branch_keeps_a_book_in_stock(shelf, monkeypatch):
    monkeypatch.setattr(locks, "lock_rows", lambda rows, **kwargs: list(rows.order_by("pk")))
    close_while_stocking(shelf)

    assert (Branch.objects.active().count(), Book.objects.get().is_in_stock) == (0, True)
    assert breaches() == {"in_stock_flag_true"}
