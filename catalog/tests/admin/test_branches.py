"""Branches on the staff desk: closing one takes its copies out of the catalogue."""

import pytest

from accounts.tests.factories import EmployeeFactory, UserFactory
from catalog.models import Branch
from catalog.services import branch_staff
from catalog.tests.factories import BranchFactory, InventoryFactory
from core.models import AuditEntry
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-03")]
LIST = "/admin/catalog/branch/"


def press(client, branch, what):
    url = f"{LIST}{branch.pk}/{what}/"
    return client.post(url, {"_form_submitted": "on"}, follow=True).content.decode()


def in_stock(row):
    row.book.refresh_from_db()
    return row.book.is_in_stock


def test_branch_is_closed_and_opened_again(manager):
    branch = BranchFactory(name="Haifa")
    page = manager.get(f"{LIST}{branch.pk}/change/").content.decode()
    assert "Close for good" in page
    assert "Withdraw" not in page
    assert "“Haifa” is closed." in press(manager, branch, "withdraw")
    assert Branch.objects.active().count() == 0
    assert "Haifa" not in manager.get(LIST).content.decode()
    assert "Haifa" in manager.get(f"{LIST}?withdrawn=yes").content.decode()
    assert "“Haifa” is open again." in press(manager, branch, "put_back")
    assert Branch.objects.active().count() == 1
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["branch.closed", "branch.reopened"]


def test_branch_with_copies_is_not_closed(manager):
    row = InventoryFactory(quantity=3)
    assert "There are still 3 copies here." in press(manager, row.branch, "withdraw")
    assert (in_stock(row), Branch.objects.active().count()) == (True, 1)
    assert AuditEntry.objects.count() == 0


def test_switched_off_branch_takes_its_copies_out(manager):
    row = InventoryFactory()
    url = f"{LIST}{row.branch_id}/change/"
    data = filled(manager.get(url))
    data.pop("is_active")
    assert manager.post(url, data).status_code == 302
    assert in_stock(row) is False
    assert AuditEntry.objects.get().new_value == {"is_active": False}


def test_warehouse_is_not_closed(manager):
    warehouse = BranchFactory(is_warehouse=True)
    assert "The warehouse cannot be closed or switched off." in press(
        manager, warehouse, "withdraw"
    )
    assert (Branch.objects.active().count(), AuditEntry.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "hours", ["{", "[]x", "9" * 5_000, "[" * 100_000, "monday", "mon 9-17", "mon 19:00-09:00"]
)
def test_senseless_opening_hours_are_refused(manager, hours):
    branch = BranchFactory()
    url = f"{LIST}{branch.pk}/change/"
    response = manager.post(url, filled(manager.get(url), opening_hours=hours))
    assert list(response.context["adminform"].form.errors) == ["opening_hours"]
    assert AuditEntry.objects.count() == 0


def test_opening_hours_are_written_as_lines_and_kept(manager):
    branch = BranchFactory(opening_hours={"mon": ["09:00", "19:00"], "sat": None})
    url = f"{LIST}{branch.pk}/change/"
    page = manager.get(url)
    assert "mon 09:00-19:00\nsat closed" in page.content.decode()

    lines = "mon-tue 09:00-13:00, 16:00-19:00\n2026-12-25 closed"
    assert manager.post(url, filled(page, opening_hours=lines)).status_code == 302
    branch.refresh_from_db()
    spans = [["09:00", "13:00"], ["16:00", "19:00"]]
    assert branch.opening_hours == {"mon": spans, "tue": spans, "special": {"2026-12-25": []}}
    assert AuditEntry.objects.get().action == "branch.changed"


def test_new_branch_comes_through_the_service(manager):
    said = filled(manager.get(f"{LIST}add/"), name="Akko", slug="akko", address="3 Sea Wall")
    assert manager.post(f"{LIST}add/", said).status_code == 302
    assert (Branch.objects.get().slug, AuditEntry.objects.first().action) == (
        "akko",
        "branch.created",
    )


def test_branch_becomes_the_warehouse_instead_of_another(manager):
    old, new = BranchFactory(is_warehouse=True), BranchFactory()
    url = f"{LIST}{new.pk}/change/"
    assert manager.post(url, filled(manager.get(url), is_warehouse="on")).status_code == 302
    assert Branch.objects.get(is_warehouse=True) == new
    assert AuditEntry.objects.filter(entity_id=str(old.pk)).count() == 1


def staff_form(client, branch, *users):
    """Send the branch's page with these people beside those it has."""
    url = f"{LIST}{branch.pk}/change/"
    page = client.get(url)
    said = filled(page)
    there = int(said["staff-INITIAL_FORMS"])
    for number, user in enumerate(users, start=there):
        said[f"staff-{number}-user"] = user.pk
        said[f"staff-{number}-branch"] = branch.pk
    said["staff-TOTAL_FORMS"] = there + len(users)
    return url, said


@pytest.mark.req("AUTH-05")
def test_manager_ties_and_unties_employees_on_the_branchs_page(manager):
    branch, first, second = BranchFactory(), EmployeeFactory(), EmployeeFactory()
    url, said = staff_form(manager, branch, first)
    assert manager.post(url, said).status_code == 302
    url, said = staff_form(manager, branch, second)
    said["staff-0-DELETE"] = "on"
    assert manager.post(url, said).status_code == 302

    assert list(branch.staff.values_list("user_id", flat=True)) == [second.pk]
    changes = AuditEntry.objects.filter(action="branch.staff_changed").order_by("id")
    assert [(entry.actor_id, entry.new_value["user_ids"]) for entry in changes] == [
        (manager.user.pk, [str(first.pk)]),
        (manager.user.pk, [str(second.pk)]),
    ]


@pytest.mark.req("AUTH-05")
def test_customer_is_not_tied_on_the_branchs_page(manager):
    branch, customer = BranchFactory(), UserFactory()
    url, said = staff_form(manager, branch, customer)
    response = manager.post(url, said | {"name": "Renamed"})

    assert response.status_code == 422
    assert f"Not staff: {customer.pk}." in response.content.decode()
    branch.refresh_from_db()
    assert (branch.staff.count(), branch.name != "Renamed") == (0, True)


@pytest.mark.req("AUTH-05")
def test_employee_sees_a_branch_without_its_staff(desk):
    branch, colleague = BranchFactory(), EmployeeFactory(email="colleague@example.com")
    branch_staff.set_staff(branch_id=branch.pk, user_ids=[colleague.pk], actor_id=None)
    page = desk("EMPLOYEE").get(f"{LIST}{branch.pk}/change/")
    assert page.status_code == 200
    assert colleague.email not in page.content.decode()
