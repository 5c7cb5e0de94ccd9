"""Counting many shelves on a sheet: preview, then set, what was sold meanwhile left alone."""

import pytest
from django.urls import reverse

from catalog.admin import stock_counts
from catalog.models import Inventory, StockMovement
from catalog.tests.factories import InventoryFactory
from core.admin import confirm
from core.invariants import check_all
from core.roles import Role

pytestmark = [pytest.mark.req("CATL-04"), pytest.mark.django_db]
LIST = reverse("admin:catalog_inventory_changelist")
SHEET = reverse("admin:catalog_inventory_counts")


@pytest.fixture
def shelves():
    return [InventoryFactory(quantity=number) for number in (5, 6, 7)]


def where(client, rows, **more):
    said = {"action": "count_copies", "_selected_action": [row.pk for row in rows]} | more
    return client.post(LIST, said).headers["Location"]


def sheet(page, counts, **more):
    """What the sheet sends with counts, by place, written in."""
    said = {"reason": "CORRECTION"}
    for place, line in enumerate(page.context["form"].lines()):
        said[line["expected"].html_name] = line["expected"].value()
        said[line["count"].html_name] = counts.get(place, "")
    return said | more


def quantities():
    return list(Inventory.objects.order_by("pk").values_list("quantity", flat=True))


def test_counts_are_previewed_then_set(manager, shelves):
    address = where(manager, shelves)
    page = manager.get(address)
    order = [line["shelf"].pk for line in page.context["form"].lines()]
    said = sheet(page, {0: 1, 1: 6})

    preview = manager.post(address, said)

    changes = [
        (shelf.pk, count.expected, count.quantity) for shelf, count in preview.context["changes"]
    ]
    before = {row.pk: row.quantity for row in shelves}
    wanted = {order[0]: 1, order[1]: 6}
    assert changes == [(pk, before[pk], n) for pk, n in wanted.items() if before[pk] != n]
    assert quantities() == [5, 6, 7]

    done = manager.post(address, said | {"apply": "1"})

    assert (done.status_code, done.headers["Location"]) == (303, LIST)
    assert dict(Inventory.objects.values_list("pk", "quantity")) == before | wanted
    assert [verdict.breaches for verdict in check_all() if verdict.breaches] == []
    last = StockMovement.objects.latest("pk")
    assert (last.reason, last.actor_id) == ("CORRECTION", manager.user.pk)


def test_shelf_that_changed_meanwhile_is_left_alone_and_named(manager, shelves):
    address = where(manager, shelves[:1])
    said = sheet(manager.get(address), {0: 9})
    Inventory.objects.filter(pk=shelves[0].pk).update(quantity=4)

    assert "holds 4 now" in manager.post(address, said).content.decode()
    told = manager.post(address, said | {"apply": "1"}, follow=True).content.decode()

    assert quantities() == [4, 6, 7]
    assert "it held 5, now 4. Please count again." in told


@pytest.mark.parametrize("count", ["-1", "x", "1.5", "9" * 30])
def test_what_cannot_be_a_count_is_shown_again(manager, shelves, count):
    address = where(manager, shelves)
    answer = manager.post(address, sheet(manager.get(address), {0: count}, apply="1"))
    assert (answer.status_code, quantities()) == (422, [5, 6, 7])


def test_many_shelves_ask_for_a_typed_word(manager, shelves, monkeypatch):
    monkeypatch.setattr(confirm, "FEW", 2)
    address = where(manager, shelves)
    said = sheet(manager.get(address), {0: 1, 1: 1, 2: 1}, apply="1")
    assert (manager.post(address, said).status_code, quantities()) == (422, [5, 6, 7])
    assert manager.post(address, said | {"word": "Change"}).status_code == 303
    assert quantities() == [1, 1, 1]


def test_sheet_has_a_limit(manager, shelves, monkeypatch):
    monkeypatch.setattr(stock_counts, "MOST_SHELVES", 2)
    address = where(manager, shelves[:1], select_across="1")
    assert "too many for one sheet" in manager.get(address).content.decode()
    assert manager.post(address, {"apply": "1"}).status_code == 200
    assert quantities() == [5, 6, 7]


def test_whole_list_is_what_its_filters_say(manager, shelves):
    said = {"action": "count_copies", "_selected_action": [shelves[0].pk], "select_across": "1"}
    query = f"branch__id__exact={shelves[2].branch_id}"
    address = manager.post(f"{LIST}?{query}", said).headers["Location"]
    page = manager.get(address)
    assert [line["shelf"] for line in page.context["form"].lines()] == [shelves[2]]
    done = manager.post(address, sheet(page, {0: 0}, apply="1"))
    assert (done.headers["Location"], quantities()) == (f"{LIST}?{query}", [5, 6, 0])


def test_only_who_may_set_stock_counts(desk, shelves):
    employee = desk(Role.EMPLOYEE)
    address = f"{SHEET}?ids={shelves[0].pk}"
    answers = [employee.get(address).status_code, employee.post(address, {}).status_code]
    assert (answers, quantities()) == ([403, 403], [5, 6, 7])
    assert "count_copies" not in employee.get(LIST).content.decode()


def test_sheet_without_a_choice_leads_to_the_list(manager):
    assert manager.get(SHEET).headers["Location"] == LIST


@pytest.mark.parametrize("ids", ["x", "1,,", "9" * 30])
def test_ids_that_cannot_be_are_a_bad_request(manager, ids):
    assert manager.get(SHEET, {"ids": ids}).status_code == 400
