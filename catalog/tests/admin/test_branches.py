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


def test_closed_branch_no_longer_counts_and_counts_again_when_reopened(manager):
    row = InventoryFactory()
    press(manager, row.branch, "withdraw")
    assert (in_stock(row), Branch.objects.active().count()) == (False, 0)
    press(manager, row.branch, "put_back")
    assert (in_stock(row), Branch.objects.active().count()) == (True, 1)
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["branch.closed", "branch.reopened"]


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
    assert "The warehouse cannot be closed." in press(manager, warehouse, "withdraw")
    assert (Branch.objects.active().count(), AuditEntry.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "hours",
    [
        "{",
        "[]x",
        "9" * 5_000,
        "[" * 100_000,
        '{"monday": null}',
        '{"mon": ["9", "17"]}',
        '{"mon": ["19:00", "09:00"]}',
        '{"mon": "always"}',
    ],
)
def test_senseless_opening_hours_are_refused(manager, hours):
    branch = BranchFactory()
    url = f"{LIST}{branch.pk}/change/"
    response = manager.post(url, filled(manager.get(url), opening_hours=hours))
    assert list(response.context["adminform"].form.errors) == ["opening_hours"]
    assert AuditEntry.objects.count() == 0


def test_second_warehouse_is_refused_on_the_form(manager):
    BranchFactory(is_warehouse=True)
    branch = BranchFactory()
    url = f"{LIST}{branch.pk}/change/"
    response = manager.post(url, filled(manager.get(url), is_warehouse="on"))
    assert list(response.context["adminform"].form.errors) == ["is_warehouse"]
    assert Branch.objects.filter(is_warehouse=True).count() == 1


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
