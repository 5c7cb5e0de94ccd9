"""Stock on the staff desk: no number is edited, every change is a movement."""

import pytest

from catalog.models import Inventory, StockMovement
from catalog.selectors.receiving import new_scan
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.models import AuditEntry
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-04")]
LIST = "/admin/catalog/inventory/"


def set_stock(client, row, quantity, reason="CORRECTION"):
    said = {"_form_submitted": "on", "quantity": quantity, "reason": reason}
    return client.post(f"{LIST}{row.pk}/set_stock/", said)


def test_set_stock_leaves_a_movement_and_an_audit_row(manager):
    row = InventoryFactory(quantity=5)
    assert set_stock(manager, row, 2).status_code == 302
    row.refresh_from_db()
    movement = StockMovement.objects.order_by("pk").last()
    assert (row.quantity, movement.delta, movement.reason) == (2, -3, "CORRECTION")
    assert movement.actor_id == manager.user.pk
    assert AuditEntry.objects.get().action == "stock.changed"


@pytest.mark.parametrize(
    ("quantity", "reason"), [(-1, "CORRECTION"), ("many", "CORRECTION"), (3, "SALE"), ("", "")]
)
def test_senseless_stock_is_asked_for_again(manager, quantity, reason):
    row = InventoryFactory(quantity=5)
    response = set_stock(manager, row, quantity, reason)
    assert response.status_code == 200
    row.refresh_from_db()
    assert (row.quantity, StockMovement.objects.count(), AuditEntry.objects.count()) == (5, 1, 0)


def test_employee_cannot_set_stock(desk):
    row = InventoryFactory(quantity=5)
    assert set_stock(desk("EMPLOYEE"), row, 2).status_code == 403
    row.refresh_from_db()
    assert row.quantity == 5


def test_number_cannot_be_edited_by_anybody(desk):
    row = InventoryFactory(quantity=5)
    assert desk("ADMIN").post(f"{LIST}{row.pk}/change/", {"quantity": 9}).status_code == 403
    row.refresh_from_db()
    assert row.quantity == 5


def test_first_copies_of_a_book_in_a_branch_open_its_ledger(manager):
    book, branch = BookFactory(), BranchFactory()
    add = f"{LIST}add/"
    data = filled(manager.get(add), book=book.pk, branch=branch.pk, quantity=4)
    assert manager.post(add, data).status_code == 302
    assert Inventory.objects.get().quantity == 4
    assert StockMovement.objects.get().reason == "OPENING"
    book.refresh_from_db()
    assert book.is_in_stock is True


def test_low_stock_and_branch_narrow_the_list(manager):
    few = InventoryFactory(quantity=2)
    InventoryFactory(quantity=9)
    none = InventoryFactory(quantity=0)

    def listed(**query):
        return {row.pk for row in manager.get(LIST, query).context["cl"].result_list}

    assert listed(stock="low") == {few.pk, none.pk}
    assert listed(stock="none") == {none.pk}
    assert listed(branch__id__exact=few.branch_id) == {few.pk}
    assert listed(q=few.book.isbn13) == {few.pk}


def press(client, row, button, **said):
    sent = {"_form_submitted": "on", "once": new_scan()} | said
    return client.post(f"{LIST}{row.pk}/{button}/", sent)


def told(client):
    return [str(message) for message in client.get("/admin/").context["messages"]]


def test_damaged_copies_are_written_off(manager):
    row = InventoryFactory(quantity=5)
    assert set_stock(manager, row, 4, "DAMAGED").status_code == 302
    assert row.movements.latest("pk").reason == "DAMAGED"


def test_copies_are_added_with_their_delivery_note(manager):
    row = InventoryFactory(quantity=5)
    assert press(manager, row, "add_copies", copies=3, note="DN-7").status_code == 302
    movement = row.movements.latest("pk")
    assert (movement.delta, movement.reason) == (3, "RECEIVED")
    assert movement.reference.startswith("DN-7/")
    assert told(manager) == ["3 copies added; there are 8 now."]


def test_copies_are_sent_to_another_branch(manager):
    row, branch = InventoryFactory(quantity=5), BranchFactory(name="Akko")
    assert press(manager, row, "send_copies", copies=2, to_branch=branch.pk).status_code == 302
    there = dict(Inventory.objects.values_list("branch_id", "quantity"))
    assert there == {row.branch_id: 3, branch.pk: 2}
    assert told(manager) == ["2 copies went to Akko."]


def test_dialog_sent_twice_moves_copies_once(manager):
    row, branch = InventoryFactory(quantity=5), BranchFactory()
    for button, said in (
        ("add_copies", {"copies": 3, "note": "DN-7"}),
        ("send_copies", {"copies": 2, "to_branch": branch.pk}),
    ):
        shown = manager.get(f"{LIST}{row.pk}/{button}/").context["form"]
        sent = said | {"once": shown["once"].value()}
        assert [press(manager, row, button, **sent).status_code for _time in range(2)] == [302, 302]
    there = dict(Inventory.objects.values_list("branch_id", "quantity"))
    assert there == {row.branch_id: 6, branch.pk: 2}


@pytest.mark.parametrize("once", ["", "short", "a" * 17, "no/slash"])
def test_dialog_without_its_name_moves_nothing(manager, once):
    row, branch = InventoryFactory(quantity=5), BranchFactory()
    press(manager, row, "add_copies", copies=3, note="", once=once)
    press(manager, row, "send_copies", copies=2, to_branch=branch.pk, once=once)
    assert dict(Inventory.objects.values_list("branch_id", "quantity")) == {row.branch_id: 5}


def test_more_copies_than_there_are_stay(manager):
    row, branch = InventoryFactory(quantity=1), BranchFactory()
    press(manager, row, "send_copies", copies=2, to_branch=branch.pk)
    press(manager, row, "send_copies", copies=1, to_branch=row.branch_id)
    assert told(manager) == [
        "There are fewer copies left than you asked for.",
        "Choose another branch.",
    ]
    assert dict(Inventory.objects.values_list("branch_id", "quantity")) == {row.branch_id: 1}


def test_employee_adds_and_sends_nothing(desk):
    row, branch = InventoryFactory(quantity=5), BranchFactory()
    client = desk("EMPLOYEE")
    assert press(client, row, "add_copies", copies=3, note="").status_code == 403
    assert press(client, row, "send_copies", copies=1, to_branch=branch.pk).status_code == 403
    assert StockMovement.objects.count() == 1


def test_tied_employee_sees_the_shelves_and_movements_of_their_branches_only(tied_to):
    mine, foreign = InventoryFactory(), InventoryFactory()
    client = tied_to(mine.branch)
    for path, own, other in (
        (LIST, mine, foreign),
        ("/admin/catalog/stockmovement/", mine.movements.get(), foreign.movements.get()),
    ):
        assert list(client.get(path).context["cl"].result_list) == [own]
        assert list(client.get(path, {"q": foreign.book.isbn13}).context["cl"].result_list) == []
        pages = [client.get(f"{path}{row.pk}/change/").status_code for row in (own, other)]
        assert pages == [200, 404]
