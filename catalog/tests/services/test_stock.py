"""Stock: the ledger explains every quantity, and the flag on the book is right."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from catalog import errors
from catalog.enums import MovementReason
from catalog.models import Inventory, StockMovement
from catalog.services import stock
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.errors import Invalid
from core.models import AuditEntry

pytestmark = pytest.mark.django_db

ACTOR = uuid.uuid4()


def movements_of(row):
    return list(row.movements.order_by("id").values_list("delta", "reason", "reference"))


def in_stock(book):
    book.refresh_from_db()
    return book.is_in_stock


def take(row, copies, reference="line-1"):
    with transaction.atomic():
        stock.take_stock(
            branch_id=row.branch_id,
            wanted={row.book_id: copies},
            references={row.book_id: reference},
            actor_id=ACTOR,
        )


def give_back(row, copies, reference="line-1"):
    with transaction.atomic():
        stock.give_back_stock(
            branch_id=row.branch_id,
            quantities={row.book_id: copies},
            references={row.book_id: reference},
            actor_id=ACTOR,
        )


@pytest.mark.req("CATL-04")
def test_take_stock_leaves_a_movement_for_each_line():
    row = InventoryFactory(quantity=5)
    take(row, 2)
    row.refresh_from_db()
    assert row.quantity == 3
    assert movements_of(row) == [
        (5, MovementReason.OPENING, ""),
        (-2, MovementReason.SALE, "line-1"),
    ]
    assert in_stock(row.book)


@pytest.mark.req("CATL-03")
def test_take_stock_names_every_short_line_and_takes_nothing():
    branch = BranchFactory()
    plenty = InventoryFactory(branch=branch, quantity=9)
    short = InventoryFactory(branch=branch, quantity=1, book__title="Emma")
    nowhere = BookFactory(title="Ulysses")
    with pytest.raises(errors.InsufficientStock) as caught, transaction.atomic():
        stock.take_stock(
            branch_id=branch.pk,
            wanted={plenty.book_id: 1, short.book_id: 2, nowhere.pk: 1},
            references={},
            actor_id=ACTOR,
        )
    assert caught.value.code == "INSUFFICIENT_STOCK"
    assert caught.value.details == {
        "items": [
            {"book_id": short.book_id, "title": "Emma", "requested": 2, "available": 1},
            {"book_id": nowhere.pk, "title": "Ulysses", "requested": 1, "available": 0},
        ]
    }
    assert sorted(Inventory.objects.values_list("quantity", flat=True)) == [1, 9]
    assert StockMovement.objects.filter(reason=MovementReason.SALE).count() == 0


@pytest.mark.req("CATL-03")
@pytest.mark.parametrize("copies", [0, -1])
def test_take_stock_refuses_fewer_than_one_copy(copies):
    row = InventoryFactory(quantity=5)
    with pytest.raises(Invalid):
        take(row, copies)
    assert movements_of(row) == [(5, MovementReason.OPENING, "")]


@pytest.mark.req("CATL-04")
@pytest.mark.parametrize("lines", [1, 3])
def test_take_stock_statements_do_not_grow_with_lines(lines, django_assert_num_queries):
    branch = BranchFactory()
    books = [InventoryFactory(branch=branch, quantity=1).book_id for _ in range(lines)]
    # lock_timeout, lock rows, update, ledger; then for emptied rows lock_timeout, lock books,
    # look again, set the flag.
    with transaction.atomic(), django_assert_num_queries(8):
        stock.take_stock(
            branch_id=branch.pk,
            wanted=dict.fromkeys(books, 1),
            references={},
            actor_id=ACTOR,
        )


@pytest.mark.req("CATL-04")
def test_take_stock_touches_no_book_while_copies_remain(django_assert_num_queries):
    row = InventoryFactory(quantity=2)
    with transaction.atomic(), django_assert_num_queries(4) as seen:
        stock.take_stock(
            branch_id=row.branch_id, wanted={row.book_id: 1}, references={}, actor_id=ACTOR
        )
    assert not [query for query in _sql(seen) if 'FROM "catalog_book" ' in query]


def _sql(seen: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in seen.captured_queries]


@pytest.mark.req("CATL-04")
def test_take_stock_last_copy_here_keeps_flag_while_another_branch_has_some():
    row = InventoryFactory(quantity=1)
    other = InventoryFactory(book=row.book, quantity=1)
    take(row, 1)
    assert in_stock(row.book)
    take(other, 1)
    assert not in_stock(row.book)


@pytest.mark.req("CATL-04")
def test_take_stock_last_copy_of_active_branches_clears_flag():
    row = InventoryFactory(quantity=1)
    InventoryFactory(book=row.book, branch__is_active=False, quantity=7)
    take(row, 1)
    assert not in_stock(row.book)


@pytest.mark.req("CATL-04")
def test_give_back_stock_restores_quantity_flag_and_tells(restocked):
    row = InventoryFactory(quantity=1)
    restocked.clear()
    take(row, 1)
    give_back(row, 1)
    row.refresh_from_db()
    assert row.quantity == 1
    assert movements_of(row)[1:] == [
        (-1, MovementReason.SALE, "line-1"),
        (1, MovementReason.SALE_RETURNED, "line-1"),
    ]
    assert in_stock(row.book)
    assert restocked == [row.book_id]


@pytest.mark.req("CATL-04")
def test_give_back_stock_is_silent_while_another_branch_has_copies(restocked):
    row = InventoryFactory(quantity=1)
    InventoryFactory(book=row.book, quantity=1)
    restocked.clear()
    take(row, 1)
    give_back(row, 1)
    assert restocked == []


@pytest.mark.req("CATL-04")
def test_give_back_stock_twice_for_one_line_is_refused():
    row = InventoryFactory(quantity=3)
    take(row, 1)
    give_back(row, 1)
    with pytest.raises(IntegrityError, match="stock_movement_once_per_reference"):
        give_back(row, 1)
    row.refresh_from_db()
    assert row.quantity == 3


@pytest.mark.req("CATL-04")
def test_set_quantity_makes_row_movement_and_audit(restocked):
    book, branch = BookFactory(), BranchFactory()
    row = stock.set_quantity(book_id=book.pk, branch_id=branch.pk, quantity=4, actor_id=ACTOR)
    assert row.quantity == 4
    assert movements_of(row) == [(4, MovementReason.CORRECTION, "")]
    assert in_stock(book)
    assert restocked == [book.pk]
    entry = AuditEntry.objects.get(action="stock.changed")
    assert (entry.entity_type, entry.entity_id, entry.actor_id) == (
        "inventory",
        str(row.pk),
        ACTOR,
    )
    assert (entry.old_value, entry.new_value) == ({"quantity": 0}, {"quantity": 4})
    assert entry.context == {
        "book_id": book.pk,
        "branch_id": branch.pk,
        "reason": "CORRECTION",
    }


@pytest.mark.req("CATL-04")
def test_set_quantity_to_what_it_is_leaves_no_trace():
    row = InventoryFactory(quantity=4)
    stock.set_quantity(book_id=row.book_id, branch_id=row.branch_id, quantity=4, actor_id=ACTOR)
    assert movements_of(row) == [(4, MovementReason.OPENING, "")]
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("CATL-04")
def test_set_quantity_to_nothing_clears_flag():
    row = InventoryFactory(quantity=4)
    stock.set_quantity(book_id=row.book_id, branch_id=row.branch_id, quantity=0, actor_id=ACTOR)
    assert not in_stock(row.book)
    assert movements_of(row)[1:] == [(-4, MovementReason.CORRECTION, "")]


@pytest.mark.req("CATL-03")
@pytest.mark.parametrize("quantity", [-1, stock.MOST_COPIES + 1])
def test_set_quantity_out_of_range_is_invalid(quantity):
    row = InventoryFactory(quantity=4)
    with pytest.raises(Invalid) as caught:
        stock.set_quantity(
            book_id=row.book_id, branch_id=row.branch_id, quantity=quantity, actor_id=ACTOR
        )
    assert list(caught.value.data["fields"]) == ["quantity"]
    row.refresh_from_db()
    assert row.quantity == 4


@pytest.mark.req("CATL-03")
def test_set_quantity_of_unknown_book_or_branch_is_not_found():
    book, branch = BookFactory(), BranchFactory()
    with pytest.raises(errors.BookNotFound):
        stock.set_quantity(book_id=0, branch_id=branch.pk, quantity=1, actor_id=ACTOR)
    with pytest.raises(errors.BranchNotFound):
        stock.set_quantity(book_id=book.pk, branch_id=0, quantity=1, actor_id=ACTOR)
    assert Inventory.objects.count() == 0


@pytest.mark.req("CATL-03")
def test_receive_opening_stock_again_changes_nothing():
    book, empty, branch = BookFactory(), BookFactory(), BranchFactory()
    rows = [(book.pk, branch.pk, 3), (empty.pk, branch.pk, 0)]
    assert stock.receive_opening_stock(rows=rows) == 2
    assert stock.receive_opening_stock(rows=[(book.pk, branch.pk, 9)]) == 0
    assert sorted(Inventory.objects.values_list("quantity", flat=True)) == [0, 3]
    assert StockMovement.objects.count() == 1
    assert (in_stock(book), in_stock(empty)) == (True, False)


@pytest.mark.req("CATL-03")
def test_refresh_in_stock_follows_branches_switched_off_and_on(restocked):
    row = InventoryFactory(quantity=2)
    restocked.clear()
    row.branch.is_active = False
    row.branch.save()
    stock.refresh_in_stock([row.book_id])
    assert not in_stock(row.book)
    row.branch.is_active = True
    row.branch.save()
    stock.refresh_in_stock([row.book_id])
    assert in_stock(row.book)
    assert restocked == [row.book_id]
