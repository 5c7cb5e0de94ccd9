"""By whatever road the first copy comes, `book_restocked` is sent, once."""

import uuid

import pytest
from django.db import transaction

from accounts.tests.factories import ManagerFactory
from catalog.enums import MovementReason, StockRequestStatus, StockRequestType
from catalog.services import branches, stock, stock_requests
from catalog.tests.factories import BranchFactory, InventoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-04")]
ACTOR = uuid.uuid4()


def _set(shelf):
    stock.set_quantity(book_id=shelf.book_id, branch_id=shelf.branch_id, quantity=2, actor_id=ACTOR)


def _set_many(shelf):
    stock.set_quantities(
        rows=[(shelf.book_id, shelf.branch_id, 2)],
        reason=MovementReason.CORRECTION,
        actor_id=ACTOR,
    )


def _add(shelf):
    stock.add_copies(book_id=shelf.book_id, branch_id=shelf.branch_id, copies=2, actor_id=ACTOR)


def _send(shelf):
    elsewhere = InventoryFactory(book=shelf.book, branch__is_active=False, quantity=2)
    stock.transfer(
        book_id=shelf.book_id,
        from_branch_id=elsewhere.branch_id,
        to_branch_id=shelf.branch_id,
        copies=2,
        actor_id=ACTOR,
    )


def _approve(shelf):
    manager = ManagerFactory()
    asked = stock_requests.create_request(
        user=manager,
        book_id=shelf.book_id,
        branch_id=shelf.branch_id,
        kind=StockRequestType.ADD_QUANTITY,
        quantity=2,
        reason="",
    )
    stock_requests.review_request(
        request_id=asked.pk, decision=StockRequestStatus.APPROVED, user=manager
    )


def _give_back(shelf):
    with transaction.atomic():
        stock.give_back_stock(
            branch_id=shelf.branch_id,
            quantities={shelf.book_id: 2},
            references={shelf.book_id: "line-1"},
            actor_id=ACTOR,
        )


def _open(shelf):
    stock.receive_opening_stock(rows=[(shelf.book_id, BranchFactory().pk, 2)])


def _reopen_branch(shelf):
    closed = InventoryFactory(
        book=shelf.book, branch__deleted_at="2026-01-01T00:00Z", quantity=2
    ).branch
    branches.reopen_branch(branch_id=closed.pk, actor_id=ACTOR)


@pytest.mark.parametrize(
    "road", [_set, _set_many, _add, _send, _approve, _give_back, _open, _reopen_branch]
)
def test_first_copies_are_told_of_once_by_every_road(restocked, road):
    shelf = InventoryFactory(quantity=0)
    assert restocked == []
    road(shelf)
    assert restocked == [shelf.book_id]
    shelf.book.refresh_from_db()
    assert shelf.book.is_in_stock is True
