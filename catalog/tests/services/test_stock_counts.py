"""Many shelves set at once: constant statements, and nothing counted away that was sold since."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.enums import MovementReason
from catalog.models import Inventory, StockMovement
from catalog.services import stock
from catalog.services.stock import Count, Differing, ledger
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.errors import Invalid
from core.invariants import check_all
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-04")]
ACTOR = uuid.uuid4()


def set_many(*rows):
    return stock.set_quantities(rows=rows, reason=MovementReason.CORRECTION, actor_id=ACTOR)


def quantities():
    return dict(Inventory.objects.values_list("pk", "quantity"))


def breaches():
    return {verdict.invariant.name for verdict in check_all() if verdict.breaches}


def test_counts_are_set_and_told_of():
    here, there, same = (InventoryFactory(quantity=5) for _ in range(3))
    new, branch = BookFactory(), BranchFactory()

    outcome = set_many(
        Count(here.book_id, here.branch_id, 2),
        Count(there.book_id, there.branch_id, 0, expected=5),
        (same.book_id, same.branch_id, 5),
        (new.pk, branch.pk, 4),
    )

    assert (outcome.changed, outcome.unchanged) == (3, 1)
    assert (outcome.differing, outcome.unknown) == ([], [])
    made = Inventory.objects.get(book=new)
    assert quantities() == {here.pk: 2, there.pk: 0, same.pk: 5, made.pk: 4}
    moved = StockMovement.objects.filter(reason=MovementReason.CORRECTION)
    assert sorted(moved.values_list("inventory_id", "delta", "actor_id")) == [
        (here.pk, -3, ACTOR),
        (there.pk, -5, ACTOR),
        (made.pk, 4, ACTOR),
    ]
    told = AuditEntry.objects.filter(action="stock.changed", entity_type="inventory")
    assert sorted(told.values_list("entity_id", "old_value", "new_value"), key=str) == sorted(
        [
            (str(here.pk), {"quantity": 5}, {"quantity": 2}),
            (str(there.pk), {"quantity": 5}, {"quantity": 0}),
            (str(made.pk), {"quantity": 0}, {"quantity": 4}),
        ],
        key=str,
    )
    assert breaches() == set()


def test_first_copies_anywhere_are_told_of(restocked):
    empty, stocked = InventoryFactory(quantity=0), InventoryFactory(quantity=1)
    restocked.clear()
    set_many((empty.book_id, empty.branch_id, 1), (stocked.book_id, stocked.branch_id, 2))
    assert restocked == [empty.book_id]


def test_shelf_that_changed_since_is_reported_and_left_alone():
    row = InventoryFactory(quantity=5)

    outcome = set_many(Count(row.book_id, row.branch_id, 9, expected=6))

    assert outcome.differing == [Differing(row.book_id, row.branch_id, expected=6, found=5)]
    assert (outcome.changed, quantities()) == (0, {row.pk: 5})
    assert AuditEntry.objects.count() == 0


def test_unknown_books_and_closed_branches_are_reported():
    row = InventoryFactory(quantity=5)
    closed = BranchFactory(deleted_at="2026-01-01T00:00Z")
    book = BookFactory()

    outcome = set_many(
        (0, row.branch_id, 1), (book.pk, closed.pk, 1), (row.book_id, row.branch_id, 6)
    )

    assert sorted(outcome.unknown) == [(0, row.branch_id), (book.pk, closed.pk)]
    assert (outcome.changed, quantities()) == (1, {row.pk: 6})


def test_of_two_counts_of_a_shelf_the_last_holds():
    row = InventoryFactory(quantity=5)
    outcome = set_many((row.book_id, row.branch_id, 1), (row.book_id, row.branch_id, 7))
    assert (outcome.changed, quantities()) == (1, {row.pk: 7})


@pytest.mark.parametrize("quantity", [-1, stock.MOST_COPIES + 1])
def test_count_out_of_range_changes_nothing(quantity):
    good, bad = InventoryFactory(quantity=5), InventoryFactory(quantity=5)
    with pytest.raises(Invalid):
        set_many((good.book_id, good.branch_id, 1), (bad.book_id, bad.branch_id, quantity))
    assert set(quantities().values()) == {5}


@pytest.mark.parametrize("is_new", [True, False])
def test_statements_do_not_grow_with_rows(is_new):
    def asked(number):
        if is_new:
            pairs = [(BookFactory().pk, BranchFactory().pk) for _ in range(number)]
        else:
            rows = [InventoryFactory(quantity=0) for _ in range(number)]
            pairs = [(row.book_id, row.branch_id) for row in rows]
        with CaptureQueriesContext(connection) as seen:
            assert set_many(*((*pair, 3) for pair in pairs)).changed == number
        return len(seen)

    assert asked(1) == asked(3) == asked(20)


def test_batches_are_all_set(monkeypatch):
    monkeypatch.setattr(ledger, "BATCH", 2)
    rows = [InventoryFactory(quantity=0) for _ in range(5)]
    assert set_many(*((row.book_id, row.branch_id, 3) for row in rows)).changed == 5
    assert set(quantities().values()) == {3}
