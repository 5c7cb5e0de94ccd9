import pytest
from django.utils import timezone

from accounts.tests.factories import PASSWORD, ManagerFactory
from catalog.models import Branch
from catalog.services import stock
from catalog.tests.factories import BranchFactory, InventoryFactory
from commerce.enums import OrderStatus
from core.models import AuditEntry
from tests.staff import rows

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-03")]


def test_branches_that_are_open_come_with_the_warehouse_first(api):
    shop = BranchFactory(name="Akko", phone="04-1234", opening_hours={"sat": None})
    warehouse = BranchFactory(name="Warehouse", is_warehouse=True)
    BranchFactory(is_active=False)
    BranchFactory(deleted_at=timezone.now())

    body = api.get("branches").json()

    assert body["data"] == [
        {
            "id": branch.pk,
            "name": branch.name,
            "slug": branch.slug,
            "address": "1 Main Street, Haifa",
            "phone": branch.phone,
            "is_warehouse": branch.is_warehouse,
            "is_active": True,
            "opening_hours": hours,
        }
        for branch, hours in ((warehouse, {}), (shop, {"sat": []}))
    ]
    assert body["pagination"]["total"] == 2


def test_branches_take_pages_and_nothing_else(api):
    BranchFactory.create_batch(3)

    assert len(api.get("branches", query={"size": 2, "page": 2}).json()["data"]) == 1
    assert api.get("branches", query={"page": 3}).status_code == 404
    assert api.get("branches", query={"city": "Haifa"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_branches_take_two_queries(api, rows, django_assert_num_queries):
    BranchFactory.create_batch(rows)

    with django_assert_num_queries(2):
        assert len(api.get("branches").json()["data"]) == rows


@pytest.fixture
def manager(api):
    """The API as a manager uses it."""
    api.sign_in(ManagerFactory().email, PASSWORD)
    return api


def test_manager_opens_a_branch(manager):
    hours = {"mon": ["09:00", "13:00"], "sat": None, "special": {"2026-12-25": []}}
    body = {"name": "Akko  Harbour", "address": "3 Sea Wall, Akko", "opening_hours": hours}
    response = manager.post("admin/branches", body)

    branch = Branch.objects.get()
    assert (response.status_code, response.json()["data"]) == (
        201,
        {
            "id": branch.pk,
            "name": "Akko Harbour",
            "slug": "akko-harbour",
            "address": "3 Sea Wall, Akko",
            "phone": "",
            "is_warehouse": False,
            "is_active": True,
            "opening_hours": {
                "mon": [["09:00", "13:00"]],
                "sat": [],
                "special": {"2026-12-25": []},
            },
        },
    )
    assert AuditEntry.objects.get(action="branch.created").entity_id == str(branch.pk)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"address": ""}, ["address"]),
        ({"slug": "12"}, ["slug"]),
        ({"slug": "akko"}, ["slug"]),
        ({"slug": "a b"}, ["slug"]),
        ({"opening_hours": []}, ["opening_hours"]),
        ({"opening_hours": {"mon": ["19:00", "09:00"]}}, ["opening_hours"]),
        ({"opening_hours": {"someday": []}}, ["opening_hours"]),
        ({"is_active": "perhaps"}, ["is_active"]),
        ({"city": "Akko"}, ["city"]),
    ],
)
def test_branch_that_makes_no_sense_is_400(manager, wrong, fields):
    there = BranchFactory(name="Akko", slug="akko")
    said = {"name": "Haifa", "slug": "haifa", "address": "1 Street"} | wrong

    assert manager.post("admin/branches", said).status_code == 400
    other = BranchFactory()
    response = manager.patch(f"admin/branches/{other.pk}", said)

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == fields
    assert list(Branch.objects.order_by("pk")) == [there, other]
    assert Branch.objects.get(pk=other.pk).name == other.name


def test_manager_changes_a_branch(manager):
    row = InventoryFactory()
    path = f"admin/branches/{row.branch_id}"
    response = manager.patch(path, {"phone": " 04-1234 ", "is_active": False})

    assert (response.status_code, response.json()["data"]["phone"]) == (200, "04-1234")
    row.book.refresh_from_db()
    assert row.book.is_in_stock is False
    entry = AuditEntry.objects.get(action="branch.changed")
    assert entry.new_value == {"phone": "04-1234", "is_active": False}
    assert manager.get("branches").json()["data"] == []
    manager.patch(path, {"is_active": True})
    row.book.refresh_from_db()
    assert row.book.is_in_stock is True


def test_another_branch_takes_over_from_the_warehouse(manager):
    old, new = BranchFactory(is_warehouse=True), BranchFactory()
    assert manager.patch(f"admin/branches/{new.pk}", {"is_warehouse": True}).status_code == 200

    assert Branch.objects.get(is_warehouse=True) == new
    changes = AuditEntry.objects.filter(action="branch.changed").order_by("id")
    assert [(entry.entity_id, entry.new_value) for entry in changes] == [
        (str(old.pk), {"is_warehouse": False}),
        (str(new.pk), {"is_warehouse": True}),
    ]


@pytest.mark.parametrize("changes", [{"is_warehouse": False}, {"is_active": False}, None])
def test_there_is_always_a_warehouse(manager, changes):
    warehouse = BranchFactory(is_warehouse=True)
    path = f"admin/branches/{warehouse.pk}"
    response = manager.patch(path, changes) if changes else manager.delete(path)

    assert (response.status_code, response.json()["error"]["code"]) == (409, "WAREHOUSE_NEEDED")
    kept = Branch.objects.get()
    assert (kept.is_warehouse, kept.is_active, kept.deleted_at) == (True, True, None)


def test_branch_that_is_switched_off_cannot_become_the_warehouse(manager):
    branch = BranchFactory(is_active=False)
    response = manager.patch(f"admin/branches/{branch.pk}", {"is_warehouse": True})

    assert response.json()["error"]["code"] == "WAREHOUSE_NEEDED"
    assert Branch.objects.filter(is_warehouse=True).count() == 0


def test_branch_is_closed_once_nothing_is_left_in_it(manager):
    row = InventoryFactory(quantity=2)
    branch, path = row.branch, f"admin/branches/{row.branch_id}"
    refused = manager.delete(path).json()["error"]
    assert (refused["code"], refused["details"]["copies"]) == ("BRANCH_HAS_STOCK", 2)

    stock.set_quantity(book_id=row.book_id, branch_id=branch.pk, quantity=0, actor_id=None)
    order = rows.order(branch=branch)
    refused = manager.delete(path).json()["error"]
    assert (refused["code"], refused["details"]["orders"]) == ("BRANCH_HAS_ORDERS", 1)
    assert Branch.objects.get(pk=branch.pk).deleted_at is None

    order.status = OrderStatus.DELIVERED
    order.save()
    assert manager.delete(path).status_code == 204
    assert manager.patch(path, {"phone": "1"}).status_code == 404
    assert manager.delete(path).status_code == 204
    assert AuditEntry.objects.filter(action="branch.closed").count() == 1
    assert manager.patch(path, {"is_closed": True}).status_code == 400
    assert manager.patch(path, {"is_closed": False}).status_code == 200
    assert Branch.objects.get(pk=branch.pk).deleted_at is None


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_branch_that_is_not_there_is_404(manager, method):
    for branch_id in (0, 10**30):
        response = manager.send(method, f"admin/branches/{branch_id}", {})
        assert response.json()["error"]["code"] == "BRANCH_NOT_FOUND"
