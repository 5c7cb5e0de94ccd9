"""Copies that come in: once for each reference, and taken back by a movement of its own."""

import uuid

import pytest

from catalog import errors
from catalog.enums import MovementReason
from catalog.models import Inventory, StockMovement
from catalog.services import stock
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.errors import Invalid
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-04")]
ACTOR = uuid.uuid4()


def receive(row, copies=1, reference="DN-1/a"):
    return stock.add_copies(
        book_id=row.book_id,
        branch_id=row.branch_id,
        copies=copies,
        reference=reference,
        actor_id=ACTOR,
    )


def ledger_of(row):
    row.refresh_from_db()
    moved = row.movements.order_by("pk").values_list("delta", "reason", "reference")
    return row.quantity, list(moved)[1:]


def test_copies_are_added_with_their_reference():
    row = InventoryFactory(quantity=2)

    receipt = receive(row, 3)

    assert (receipt.is_new, receipt.shelf.quantity, receipt.movement.delta) == (True, 5, 3)
    assert ledger_of(row) == (5, [(3, MovementReason.RECEIVED, "DN-1/a")])
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_type, entry.entity_id, entry.actor_id) == (
        "stock.changed",
        "inventory",
        str(row.pk),
        ACTOR,
    )
    assert (entry.old_value, entry.new_value) == ({"quantity": 2}, {"quantity": 5})
    assert entry.context == {
        "book_id": row.book_id,
        "branch_id": row.branch_id,
        "reason": "RECEIVED",
        "reference": "DN-1/a",
    }


def test_same_reference_counts_once():
    row = InventoryFactory(quantity=2)
    first, again = receive(row), receive(row)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.movement == again.movement
    assert (again.shelf.quantity, AuditEntry.objects.count()) == (3, 1)
    assert receive(row, reference="DN-1/b").shelf.quantity == 4


def test_first_copies_make_the_shelf_and_are_told_of(restocked):
    book, branch = BookFactory(), BranchFactory()
    stock.add_copies(book_id=book.pk, branch_id=branch.pk, copies=1, actor_id=ACTOR)
    book.refresh_from_db()
    assert (book.is_in_stock, restocked) == (True, [book.pk])
    assert Inventory.objects.get().quantity == 1


@pytest.mark.parametrize("copies", [0, -1, stock.MOST_COPIES])
def test_senseless_numbers_add_nothing(copies):
    row = InventoryFactory(quantity=2)
    with pytest.raises(Invalid):
        receive(row, copies)
    assert ledger_of(row) == (2, [])


def test_unknown_book_and_closed_branch_add_nothing():
    row = InventoryFactory(quantity=2)
    closed = InventoryFactory(branch__deleted_at="2026-01-01T00:00Z", quantity=2)
    with pytest.raises(errors.BookNotFound):
        stock.add_copies(book_id=0, branch_id=row.branch_id, copies=1, actor_id=ACTOR)
    with pytest.raises(errors.BranchNotFound):
        stock.add_copies(book_id=row.book_id, branch_id=0, copies=1, actor_id=ACTOR)
    with pytest.raises(errors.BranchNotFound):
        receive(closed)
    assert StockMovement.objects.count() == 2


def test_receipt_is_taken_back_once():
    row = InventoryFactory(quantity=0)
    made = receive(row, 2).movement

    first, again = (stock.take_back_receipt(movement_id=made.pk, actor_id=ACTOR) for _ in range(2))

    assert (first.is_new, again.is_new) == (True, False)
    row.refresh_from_db()
    assert row.quantity == 0
    assert list(row.movements.order_by("pk").values_list("delta", "reference")) == [
        (2, "DN-1/a"),
        (-2, "DN-1/a/undo"),
    ]
    row.book.refresh_from_db()
    assert row.book.is_in_stock is False


def test_receipt_whose_copies_are_sold_stays():
    row = InventoryFactory(quantity=0)
    made = receive(row, 2).movement
    stock.set_quantity(book_id=row.book_id, branch_id=row.branch_id, quantity=1, actor_id=ACTOR)
    with pytest.raises(errors.InsufficientStock):
        stock.take_back_receipt(movement_id=made.pk, actor_id=ACTOR)
    row.refresh_from_db()
    assert row.quantity == 1


def test_only_receipts_are_taken_back():
    row = InventoryFactory(quantity=2)
    opening = row.movements.get()
    undone = stock.take_back_receipt(movement_id=receive(row).movement.pk, actor_id=ACTOR).movement
    for movement_id in (opening.pk, undone.pk, 0):
        with pytest.raises(errors.MovementNotFound):
            stock.take_back_receipt(movement_id=movement_id, actor_id=ACTOR)
    row.refresh_from_db()
    assert row.quantity == 2
