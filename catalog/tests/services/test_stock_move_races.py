"""Adding, sending, counting and approving under simultaneous hands; T006, T007 as set and sale.

Each has a control that shows the fault with the lock helper patched away.
"""

import threading
import uuid
from collections import Counter

import pytest
from django.db import connection

from accounts.tests.factories import ManagerFactory
from catalog.enums import MovementReason, StockRequestStatus, StockRequestType
from catalog.models import Inventory, StockRequest
from catalog.services import stock, stock_requests
from catalog.services.stock import Count, Differing, ledger
from catalog.tests.factories import BookFactory, InventoryFactory
from catalog.tests.stock_jobs import breaches, sale_of
from core import locks
from core.models import AuditEntry
from tests.fixtures.at_once import DONE, all_at_once, count_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("CATL-04")]
ROUNDS = 10
ACTOR = uuid.uuid4()


def together(*jobs):
    """Run the jobs at once; return how each ended, in their order."""
    return [ending for ending, _ in all_at_once(lambda number: jobs[number](), len(jobs))]


def adding_to(row, copies=1, reference=""):
    return lambda: stock.add_copies(
        book_id=row.book_id,
        branch_id=row.branch_id,
        copies=copies,
        reference=reference,
        actor_id=None,
    )


def sending(row, to, copies=1):
    return lambda: stock.transfer(
        book_id=row.book_id,
        from_branch_id=row.branch_id,
        to_branch_id=to.branch_id,
        copies=copies,
        actor_id=None,
    )


def counting(row, outcomes):
    def count():
        rows = [Count(row.book_id, row.branch_id, 3, expected=5)]
        outcomes.append(
            stock.set_quantities(rows=rows, reason=MovementReason.CORRECTION, actor_id=ACTOR)
        )

    return count


def approval_of(asked, manager):
    return lambda: stock_requests.review_request(
        request_id=asked.pk, decision=StockRequestStatus.APPROVED, user=manager
    )


def quantities(*rows):
    stored = dict(Inventory.objects.values_list("pk", "quantity"))
    return [stored[row.pk] for row in rows]


def deadlocks_so_far():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()


@pytest.fixture
def without_locks(monkeypatch):
    """`arm(model)`: rows are read without a lock; readers of the model go on in pairs."""

    def arm(model):
        pair = threading.Barrier(2)

        def read_only(queryset, **kwargs):
            rows = list(queryset.order_by("pk"))
            if queryset.model is model:
                pair.wait(timeout=10)
            return rows

        monkeypatch.setattr(locks, "lock_rows", read_only)

    return arm


def test_count_of_what_was_expected_is_never_over_a_sale():
    for _ in range(ROUNDS):
        row = InventoryFactory(quantity=5)
        outcomes = []
        sold, _counted = together(sale_of(row, 5), counting(row, outcomes))
        [outcome] = outcomes

        if sold == DONE:
            assert outcome.differing == [Differing(row.book_id, row.branch_id, expected=5, found=0)]
            assert quantities(row) == [0]
        else:
            assert (sold, outcome.changed) == ("InsufficientStock", 1)
            assert quantities(row) == [3]
        assert breaches() == set()


def test_control_count_without_the_lock_is_over_a_sale(without_locks):
    row = InventoryFactory(quantity=5)
    without_locks(Inventory)
    assert "IntegrityError" in together(sale_of(row, 5), counting(row, []))


def test_addition_and_sale_at_once_leave_what_they_say():
    for _ in range(ROUNDS):
        row = InventoryFactory(quantity=1)
        sold, added = together(sale_of(row), adding_to(row, 2))
        assert (sold, added, quantities(row)) == (DONE, DONE, [2])
        row.book.refresh_from_db()
        assert row.book.is_in_stock is True
        assert breaches() == set()


def test_control_addition_that_looked_before_a_sale_leaves_a_wrong_flag(monkeypatch):
    row = InventoryFactory(quantity=1)
    looked, sold = threading.Event(), threading.Event()

    def read_then_wait(queryset, **kwargs):
        rows = list(queryset.order_by("pk"))
        if queryset.model is Inventory and not looked.is_set():
            looked.set()
            assert sold.wait(timeout=10)
        return rows

    def sell_after_the_look():
        assert looked.wait(timeout=10)
        sale_of(row)()
        sold.set()

    monkeypatch.setattr(locks, "lock_rows", read_then_wait)
    assert together(adding_to(row), sell_after_the_look) == [DONE, DONE]
    assert breaches() == {"in_stock_flag_true"}


def test_one_scan_sent_by_eight_counts_once():
    for _ in range(3):
        row = InventoryFactory(quantity=0)
        assert set(together(*[adding_to(row, reference="DN-1/scan")] * 8)) == {DONE}
        assert quantities(row) == [1]
        assert row.movements.filter(reason="RECEIVED").count() == 1
        assert breaches() == set()


def test_control_one_scan_without_the_lock_is_stopped_by_the_constraint_only(without_locks):
    row = InventoryFactory(quantity=0)
    without_locks(Inventory)
    endings = together(*[adding_to(row, reference="DN-1/scan")] * 2)
    assert sorted(endings) == ["IntegrityError", DONE]


def test_crosswise_transfers_do_not_deadlock():
    here = InventoryFactory(quantity=50)
    there = InventoryFactory(book=here.book, quantity=50)
    before = deadlocks_so_far()

    jobs = [sending(here, there), sending(there, here)] * 4
    endings = count_endings(all_at_once(lambda number: jobs[number % 8](), 8, calls=40))

    assert endings == {DONE: 40}
    assert quantities(here, there) == [50, 50]
    assert deadlocks_so_far() == before
    assert breaches() == set()


def test_control_transfers_that_lock_the_source_first_deadlock(monkeypatch):
    here = InventoryFactory(quantity=5)
    there = InventoryFactory(book=here.book, quantity=5)
    holding = threading.Barrier(2)
    backwards = threading.local()

    def one_by_one(queryset, **kwargs):
        order = "-pk" if getattr(backwards, "is_set", False) else "pk"
        rows = []
        for row in list(queryset.order_by(order)):
            rows += queryset.model.objects.select_for_update().filter(pk=row.pk)
            if queryset.model is Inventory and len(rows) == 1:
                holding.wait(timeout=10)
        return rows

    def send_back():
        backwards.is_set = True
        sending(there, here)()

    monkeypatch.setattr(locks, "lock_rows", one_by_one)
    assert "OperationalError" in together(sending(here, there), send_back)


def test_last_copies_sold_while_a_third_branch_is_restocked_leave_the_flag_right():
    for _ in range(ROUNDS):
        book = BookFactory()
        sold = [InventoryFactory(book=book, quantity=1) for _ in range(2)]
        empty = InventoryFactory(book=book, quantity=0)

        assert together(*map(sale_of, sold), adding_to(empty)) == [DONE] * 3

        book.refresh_from_db()
        assert (book.is_in_stock, quantities(*sold, empty)) == (True, [0, 0, 1])
        assert breaches() == set()


def test_control_restock_and_last_sale_without_the_lock_leave_a_wrong_flag(monkeypatch):
    book = BookFactory()
    last = InventoryFactory(book=book, quantity=1)
    empty = InventoryFactory(book=book, quantity=0)
    settle, looked = ledger.settle_flags, threading.Barrier(2)

    def settle_together(book_ids):
        settle(book_ids)
        looked.wait(timeout=10)

    monkeypatch.setattr(locks, "lock_rows", lambda queryset, **kwargs: list(queryset))
    monkeypatch.setattr(ledger, "settle_flags", settle_together)
    assert together(sale_of(last), adding_to(empty)) == [DONE, DONE]
    assert breaches() == {"in_stock_flag_true"}


def request_for(row):
    return stock_requests.create_request(
        user=ManagerFactory(),
        book_id=row.book_id,
        branch_id=row.branch_id,
        kind=StockRequestType.ADD_QUANTITY,
        quantity=2,
        reason="",
    )


@pytest.mark.req("CATL-05")
def test_of_eight_reviewers_one_decides():
    for _ in range(3):
        row = InventoryFactory(quantity=1)
        asked, manager = request_for(row), ManagerFactory()

        endings = Counter(together(*[approval_of(asked, manager)] * 8))

        assert endings == {DONE: 1, "StockRequestAlreadyReviewed": 7}
        assert quantities(row) == [3]
        told = AuditEntry.objects.filter(entity_type="stock_request", entity_id=str(asked.pk))
        assert told.filter(action="stock_request.approved").count() == 1
        assert breaches() == set()


@pytest.mark.req("CATL-05")
def test_control_reviewers_without_the_lock_are_not_told(without_locks):
    row = InventoryFactory(quantity=1)
    asked, manager = request_for(row), ManagerFactory()
    without_locks(StockRequest)
    endings = together(*[approval_of(asked, manager)] * 2)
    assert "StockRequestAlreadyReviewed" not in endings


@pytest.mark.req("CATL-05")
def test_approval_and_sale_at_once_keep_the_ledger():
    for _ in range(3):
        row = InventoryFactory(quantity=1)
        asked, manager = request_for(row), ManagerFactory()
        assert together(approval_of(asked, manager), sale_of(row)) == [DONE, DONE]
        assert quantities(row) == [2]
        assert breaches() == set()
