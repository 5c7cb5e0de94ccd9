"""A branch ends while somebody puts a copy of a book on one of its shelves, and the other way."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.tests.factories import ManagerFactory
from catalog import errors
from catalog.enums import MovementReason, StockRequestStatus, StockRequestType
from catalog.models import Book, Branch, Inventory
from catalog.services import branches, stock, stock_requests
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


def add(book_id, branch_id):
    stock.add_copies(book_id=book_id, branch_id=branch_id, copies=1, actor_id=None)


def set_one(book_id, branch_id):
    stock.set_stock_of_book(book_id=book_id, branch_id=branch_id, quantity=1, actor_id=None)


def send_one(book_id, branch_id):
    source = InventoryFactory(book=Book.objects.get(pk=book_id), quantity=1)
    stock.transfer(
        book_id=book_id,
        from_branch_id=source.branch_id,
        to_branch_id=branch_id,
        copies=1,
        actor_id=None,
    )


def approve_one(book_id, branch_id):
    manager = ManagerFactory()
    asked = stock_requests.create_request(
        user=manager,
        book_id=book_id,
        branch_id=branch_id,
        kind=StockRequestType.SET_QUANTITY,
        quantity=1,
        reason="",
    )
    stock_requests.review_request(
        request_id=asked.pk, decision=StockRequestStatus.APPROVED, user=manager
    )


def count_one(book_id, branch_id):
    outcome = stock.set_quantities(
        rows=[(book_id, branch_id, 1)],
        reason=MovementReason.CORRECTION,
        actor_id=ManagerFactory().pk,
    )
    if outcome.unknown == [(book_id, branch_id)]:
        raise errors.BranchNotFound


def stock_while_closing(shelf, put):
    """Put a copy on a shelf between the write and the commit of its branch's end."""
    book_id, branch_id = shelf
    written, tried = threading.Event(), threading.Event()

    def close_it():
        try:
            with transaction.atomic():
                close(branch_id)
                written.set()
                tried.wait(timeout=0.5)
        finally:
            connection.close()

    def put_it():
        try:
            written.wait(timeout=10)
            put(book_id, branch_id)
        finally:
            tried.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(close_it), pool.submit(put_it)]:
            future.result(timeout=30)


def copies_in(branch_id):
    return sum(Inventory.objects.filter(branch_id=branch_id).values_list("quantity", flat=True))


PUTS = pytest.mark.parametrize("put", [add, set_one, count_one, send_one, approve_one])


@PUTS
def test_no_copy_comes_into_a_branch_that_is_being_closed(shelf, put):
    with pytest.raises(errors.BranchNotFound):
        stock_while_closing(shelf, put)

    assert (Branch.objects.get(pk=shelf[1]).deleted_at is None, copies_in(shelf[1])) == (False, 0)


@PUTS
def test_control_without_locks_a_copy_comes_into_a_closed_branch(shelf, put, monkeypatch):
    monkeypatch.setattr(locks, "lock_rows", lambda rows, **kwargs: list(rows.order_by("pk")))
    stock_while_closing(shelf, put)

    assert (Branch.objects.get(pk=shelf[1]).deleted_at is None, copies_in(shelf[1])) == (False, 1)
