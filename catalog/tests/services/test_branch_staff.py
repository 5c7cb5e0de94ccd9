"""Ties of employees to branches: set whole, only for staff, gone with the role."""

import uuid

import pytest

from accounts.services import roles
from accounts.tests.factories import EmployeeFactory, ManagerFactory, UserFactory
from catalog.errors import BranchNotFound
from catalog.models import BranchStaff
from catalog.selectors import branch_staff as selectors
from catalog.services import branch_staff
from catalog.tests.factories import BranchFactory
from core.errors import Invalid
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]


def set_staff(branch, *users, actor_id=None):
    branch_staff.set_staff(
        branch_id=branch.pk, user_ids=[user.pk for user in users], actor_id=actor_id
    )


def trail():
    rows = AuditEntry.objects.order_by("id")
    return list(rows.values_list("action", "entity_id", "actor_id", "old_value", "new_value"))


def test_staff_of_a_branch_is_set_whole_and_audited():
    branch, actor = BranchFactory(), ManagerFactory()
    first, second = EmployeeFactory(), EmployeeFactory()
    set_staff(branch, first, actor_id=actor.pk)
    set_staff(branch, second, actor_id=actor.pk)

    assert list(selectors.staff_of(branch.pk)) == [second]
    at = ("branch.staff_changed", str(branch.pk), actor.pk)
    only_first, only_second = {"user_ids": [str(first.pk)]}, {"user_ids": [str(second.pk)]}
    assert trail() == [
        (*at, {"user_ids": []}, only_first),
        (*at, only_first, only_second),
    ]


def test_setting_the_same_again_changes_nothing():
    branch, employee = BranchFactory(), EmployeeFactory()
    set_staff(branch, employee)
    tie = BranchStaff.objects.get().pk

    set_staff(branch, employee, employee)

    assert (BranchStaff.objects.get().pk, len(trail())) == (tie, 1)


def test_customers_and_nobody_are_refused_by_name_and_nobody_is_tied():
    branch, employee, customer, nobody = (
        BranchFactory(),
        EmployeeFactory(),
        UserFactory(),
        uuid.UUID(int=7),
    )

    with pytest.raises(Invalid) as refused:
        branch_staff.set_staff(
            branch_id=branch.pk, user_ids=[employee.pk, customer.pk, nobody], actor_id=None
        )

    named = ", ".join(sorted([str(customer.pk), str(nobody)]))
    assert refused.value.data == {"fields": {"user_ids": [f"Not staff: {named}."]}}
    assert (BranchStaff.objects.count(), trail()) == (0, [])


def test_unknown_branch_is_not_found():
    with pytest.raises(BranchNotFound):
        branch_staff.set_staff(branch_id=10**12, user_ids=[], actor_id=None)
    with pytest.raises(BranchNotFound):
        selectors.staff_of(10**12)


def test_employees_see_their_branches_and_those_without_ties_all():
    here, there = BranchFactory(), BranchFactory()
    tied, loose, manager = EmployeeFactory(), EmployeeFactory(), ManagerFactory()
    set_staff(here, tied, manager)
    set_staff(there, tied)

    assert selectors.branches_of(tied) == [here.pk, there.pk]
    assert selectors.branches_of(loose) is None
    assert selectors.branches_of(manager) is None


@pytest.mark.parametrize(
    ("role", "kept"), [(Role.CUSTOMER, 0), (Role.EMPLOYEE, 1), (Role.ADMIN, 1)]
)
def test_who_stops_being_staff_loses_every_tie(role, kept):
    branch, manager, other = BranchFactory(), ManagerFactory(), EmployeeFactory()
    set_staff(branch, manager, other)

    roles.change_role(user_id=manager.pk, role=role, actor_id=other.pk)

    assert BranchStaff.objects.filter(user=manager).count() == kept
    assert BranchStaff.objects.filter(user=other).count() == 1
    left = [row for row in trail() if row[0] == "user.branches_left"]
    expected = (
        "user.branches_left",
        str(manager.pk),
        other.pk,
        {"branch_ids": [branch.pk]},
        {"branch_ids": []},
    )
    assert left == ([] if kept else [expected])
