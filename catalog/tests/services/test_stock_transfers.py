"""Copies that go from branch to branch: both halves or neither."""

import uuid

import pytest

from catalog import errors
from catalog.models import Inventory, StockMovement
from catalog.services import stock
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.errors import Invalid
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-04")]
ACTOR = uuid.uuid4()


def send(row, to, copies=1, reference=""):
    return stock.transfer(
        book_id=row.book_id,
        from_branch_id=row.branch_id,
        to_branch_id=to.pk,
        copies=copies,
        reference=reference,
        actor_id=ACTOR,
    )


def quantities(book):
    return dict(Inventory.objects.filter(book=book).values_list("branch_id", "quantity"))


def test_two_movements_share_a_reference_and_both_are_audited():
    row, target = InventoryFactory(quantity=5), BranchFactory()

    done = send(row, target, 2)

    assert (done.source.quantity, done.target.quantity) == (3, 2)
    assert quantities(row.book) == {row.branch_id: 3, target.pk: 2}
    moved = StockMovement.objects.filter(reason="TRANSFER").values_list("delta", "reference")
    assert sorted(moved) == [(-2, done.reference), (2, done.reference)]
    assert done.reference.startswith("T-")
    assert sorted(AuditEntry.objects.values_list("entity_id", flat=True)) == sorted(
        [str(done.source.pk), str(done.target.pk)]
    )


def test_given_reference_moves_once():
    row, target = InventoryFactory(quantity=5), BranchFactory()
    first, again = (send(row, target, 2, reference="van-7") for _ in range(2))
    assert first.reference == again.reference == "van-7"
    assert quantities(row.book) == {row.branch_id: 3, target.pk: 2}


def test_more_than_there_are_moves_nothing():
    row, target = InventoryFactory(quantity=1), BranchFactory()
    with pytest.raises(errors.InsufficientStock) as caught:
        send(row, target, 2)
    assert caught.value.details["items"][0]["available"] == 1
    assert quantities(row.book) == {row.branch_id: 1}
    assert AuditEntry.objects.count() == 0


def test_book_that_the_branch_never_had_moves_nothing():
    here, there, book = BranchFactory(), BranchFactory(), BookFactory()
    with pytest.raises(errors.InsufficientStock):
        send(Inventory(book=book, branch=here), there)
    assert Inventory.objects.count() == 0


def test_same_unknown_and_closed_branches_are_refused():
    row = InventoryFactory(quantity=5)
    closed = InventoryFactory(book=row.book, branch__deleted_at="2026-01-01T00:00Z").branch
    with pytest.raises(Invalid):
        send(row, row.branch)
    with pytest.raises(Invalid):
        send(row, closed, 0)
    for target in (closed, BranchFactory.build(pk=0)):
        with pytest.raises(errors.BranchNotFound):
            send(row, target)
    with pytest.raises(errors.BookNotFound):
        send(Inventory(book_id=0, branch=row.branch), BranchFactory())
    assert quantities(row.book) == {row.branch_id: 5, closed.pk: 5}


def test_between_branches_that_count_nobody_is_told(restocked):
    row, target = InventoryFactory(quantity=1), BranchFactory()
    restocked.clear()
    send(row, target)
    row.book.refresh_from_db()
    assert (row.book.is_in_stock, restocked) == (True, [])


def test_copies_that_did_not_count_come_into_stock(restocked):
    row = InventoryFactory(quantity=1, branch__is_active=False)
    send(row, BranchFactory())
    row.book.refresh_from_db()
    assert (row.book.is_in_stock, restocked) == (True, [row.book_id])


def test_last_copies_that_go_where_they_do_not_count_are_out_of_stock():
    row = InventoryFactory(quantity=1)
    send(row, BranchFactory(is_active=False))
    row.book.refresh_from_db()
    assert row.book.is_in_stock is False
