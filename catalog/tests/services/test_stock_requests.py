"""Asking for stock and deciding once, singly and in bulk; T062."""

import pytest

from accounts.tests.factories import EmployeeFactory, ManagerFactory
from catalog import errors
from catalog.enums import StockRequestStatus, StockRequestType
from catalog.models import Inventory, StockMovement, StockRequest
from catalog.selectors import stock_requests as request_selectors
from catalog.services import books, branch_staff, stock_requests
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.errors import Invalid
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-05")]
APPROVED, REJECTED = StockRequestStatus.APPROVED, StockRequestStatus.REJECTED
SET, ADD = StockRequestType.SET_QUANTITY, StockRequestType.ADD_QUANTITY


def tied_to(*branches):
    employee = EmployeeFactory()
    for branch in branches:
        branch_staff.set_staff(branch_id=branch.pk, user_ids=[employee.pk], actor_id=None)
    return employee


def ask(shelf, kind=ADD, quantity=2, user=None, reason=""):
    return stock_requests.create_request(
        user=user or EmployeeFactory(),
        book_id=shelf.book_id,
        branch_id=shelf.branch_id,
        kind=kind,
        quantity=quantity,
        reason=reason,
    )


def review(asked, decision=APPROVED, user=None, note=""):
    return stock_requests.review_request(
        request_id=asked.pk, decision=decision, user=user or ManagerFactory(), note=note
    )


def trail():
    entries = AuditEntry.objects.filter(entity_type="stock_request").order_by("pk")
    return list(entries.values_list("action", "entity_id", "actor_id"))


def test_employee_asks_for_a_branch_of_theirs():
    shelf = InventoryFactory(quantity=1)
    employee = tied_to(shelf.branch)

    asked = ask(shelf, user=employee, reason="  Book   club  ")

    assert (asked.status, asked.reason, asked.requested_by_id) == (
        StockRequestStatus.PENDING,
        "Book club",
        employee.pk,
    )
    assert trail() == [("stock_request.created", str(asked.pk), employee.pk)]
    entry = AuditEntry.objects.get(entity_type="stock_request")
    assert "club" not in str((entry.new_value, entry.context))
    shelf.refresh_from_db()
    assert shelf.quantity == 1


def test_nobody_asks_for_what_is_not_there_or_not_theirs():
    shelf = InventoryFactory(quantity=1)
    elsewhere = tied_to(BranchFactory())
    closed = InventoryFactory(branch__deleted_at="2026-01-01T00:00Z")
    withdrawn = InventoryFactory(book__deleted_at="2026-01-01T00:00Z")
    with pytest.raises(errors.BranchNotFound):
        ask(shelf, user=elsewhere)
    with pytest.raises(errors.BranchNotFound):
        ask(closed)
    for row in (withdrawn, Inventory(book_id=0, branch=shelf.branch)):
        with pytest.raises(errors.BookNotFound):
            ask(row)
    for kind, quantity in ((ADD, 0), (SET, -1), (SET, 1_000_001)):
        with pytest.raises(Invalid):
            ask(shelf, kind, quantity)
    assert (StockRequest.objects.count(), AuditEntry.objects.filter(action="x").count()) == (0, 0)


@pytest.mark.parametrize(("kind", "quantity", "after"), [(ADD, 2, 5), (SET, 2, 2), (SET, 3, 3)])
def test_approval_moves_the_stock(kind, quantity, after):
    shelf, manager = InventoryFactory(quantity=3), ManagerFactory()
    asked = ask(shelf, kind, quantity)

    done = review(asked, user=manager, note="On its way")

    assert (done.status, done.note, done.reviewed_by_id) == (APPROVED, "On its way", manager.pk)
    shelf.refresh_from_db()
    assert shelf.quantity == after
    moved = StockMovement.objects.exclude(reason="OPENING")
    expected = [(after - 3, "REQUESTED", f"request:{asked.pk}", manager.pk)] if after != 3 else []
    assert list(moved.values_list("delta", "reason", "reference", "actor_id")) == expected
    assert trail()[1:] == [("stock_request.approved", str(asked.pk), manager.pk)]
    assert AuditEntry.objects.filter(action="stock.changed").count() == len(expected)


def test_approval_of_first_copies_tells_that_the_book_is_back(restocked):
    book, branch = BookFactory(), BranchFactory()
    review(ask(Inventory(book=book, branch=branch), SET, 4))
    assert restocked == [book.pk]


def test_rejection_moves_nothing():
    shelf, manager = InventoryFactory(quantity=3), ManagerFactory()
    asked = ask(shelf)
    assert review(asked, REJECTED, manager).status == REJECTED
    shelf.refresh_from_db()
    assert shelf.quantity == 3
    assert trail()[1:] == [("stock_request.rejected", str(asked.pk), manager.pk)]


def test_second_decision_is_refused():
    shelf = InventoryFactory(quantity=3)
    asked = ask(shelf)
    review(asked)
    with pytest.raises(errors.StockRequestAlreadyReviewed) as caught:
        review(asked, REJECTED)
    assert caught.value.details == {"status": "APPROVED"}
    shelf.refresh_from_db()
    assert (shelf.quantity, len(trail())) == (5, 2)


def test_refused_approval_leaves_the_request_waiting():
    shelf = InventoryFactory(quantity=3)
    asked = ask(shelf)
    shelf.branch.deleted_at = "2026-01-01T00:00Z"
    shelf.branch.save()
    with pytest.raises(errors.BranchNotFound):
        review(asked)
    asked.refresh_from_db()
    assert (asked.status, len(trail())) == (StockRequestStatus.PENDING, 1)


def test_bulk_reviews_each_for_itself():
    first, second, gone = (InventoryFactory(quantity=1) for _ in range(3))
    wanted = [ask(row) for row in (first, second, gone)]
    review(wanted[1], REJECTED)
    gone.branch.deleted_at = "2026-01-01T00:00Z"
    gone.branch.save()
    ids = [asked.pk for asked in wanted]

    done = stock_requests.review_requests(
        ids=[*ids, 0, ids[0]], decision=APPROVED, user=ManagerFactory()
    )

    assert [(each.id, each.status, each.refusal and each.refusal.code) for each in done] == [
        (ids[0], APPROVED, None),
        (ids[1], None, "STOCK_REQUEST_ALREADY_REVIEWED"),
        (ids[2], None, "BRANCH_NOT_FOUND"),
        (0, None, "STOCK_REQUEST_NOT_FOUND"),
    ]
    quantities = Inventory.objects.order_by("pk").values_list("quantity", flat=True)
    assert list(quantities) == [3, 1, 1]
    assert [action for action, *_ in trail()].count("stock_request.approved") == 1


def test_employees_see_their_own_and_those_of_their_branches():
    here, there = InventoryFactory(), InventoryFactory()
    tied = tied_to(here.branch)
    mine, colleagues, foreign = ask(here, user=tied), ask(here), ask(there)
    review(colleagues, REJECTED)

    def seen(user):
        return set(request_selectors.seen_by(StockRequest.objects.all(), user))

    assert seen(tied) == {mine, colleagues}
    assert seen(EmployeeFactory()) == seen(ManagerFactory()) == {mine, colleagues, foreign}
    branch_staff.set_staff(branch_id=here.branch_id, user_ids=[], actor_id=None)
    branch_staff.set_staff(branch_id=there.branch_id, user_ids=[tied.pk], actor_id=None)
    assert seen(tied) == {mine, foreign}
    assert request_selectors.waiting_for(tied) == 2
    assert request_selectors.waiting_for(tied_to(BranchFactory())) == 0
    with pytest.raises(errors.StockRequestNotFound):
        request_selectors.request_for(tied, colleagues.pk)
    with pytest.raises(errors.StockRequestNotFound):
        review(colleagues, user=tied)


def test_form_that_was_sent_twice_asks_once():
    shelf, employee = InventoryFactory(quantity=1), EmployeeFactory()
    first = ask(shelf, user=employee)

    with pytest.raises(errors.StockRequestDuplicate):
        ask(shelf, user=employee)

    assert len(trail()) == 1
    ask(shelf, user=employee, quantity=3)
    ask(shelf)
    review(first, REJECTED)
    assert ask(shelf, user=employee).pk != first.pk


def test_copies_of_a_withdrawn_book_are_not_approved():
    shelf = InventoryFactory(quantity=1)
    asked = ask(shelf)
    books.withdraw_book(book_id=shelf.book_id, actor_id=None)

    with pytest.raises(errors.BookWithdrawn):
        review(asked)

    asked.refresh_from_db()
    shelf.refresh_from_db()
    assert (asked.status, shelf.quantity) == (StockRequestStatus.PENDING, 1)
    assert review(asked, REJECTED).status == REJECTED
