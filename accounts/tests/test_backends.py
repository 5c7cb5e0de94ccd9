"""Who may do what is the table's word alone: not groups, not permission rows, not the flag."""

import asyncio

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.backends import RoleBackend
from accounts.models import User
from accounts.tests.factories import AdminFactory, EmployeeFactory, ManagerFactory, UserFactory
from core import policy
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]
CHANGE = "catalog.change_book"


def answers(user):
    """Everything that Django and libraries may ask about a user's permissions."""
    return {
        "has": user.has_perm(CHANGE),
        "has, async": asyncio.run(user.ahas_perm(CHANGE)),
        "module": user.has_module_perms("catalog"),
        "module, async": asyncio.run(user.ahas_module_perms("catalog")),
        "all": CHANGE in user.get_all_permissions(),
        "all, async": CHANGE in asyncio.run(user.aget_all_permissions()),
        "group": CHANGE in user.get_group_permissions(),
        "own": CHANGE in user.get_user_permissions(),
        "own, async": CHANGE in asyncio.run(user.aget_user_permissions()),
    }


def test_groups_and_permission_rows_grant_nothing():
    user = UserFactory()
    permission = Permission.objects.get(content_type__app_label="catalog", codename="change_book")
    group = Group.objects.create(name="Editors")
    group.permissions.add(permission)
    user.groups.add(group)
    user.user_permissions.add(permission)

    assert answers(user) == dict.fromkeys(answers(user), False)
    assert not RoleBackend().with_perm(CHANGE).exists()


def test_superuser_flag_grants_nothing():
    User.objects.filter(pk=UserFactory().pk).update(is_superuser=True)
    user = User.objects.get()

    assert (user.is_superuser, user.is_staff) == (True, False)
    assert answers(user) == dict.fromkeys(answers(user), False)


def test_administrator_may_what_the_table_says_and_no_more():
    administrator = AdminFactory()

    assert administrator.has_perm("accounts.change_user")
    assert not administrator.has_perm("commerce.change_payment")
    assert administrator.get_all_permissions() == policy.capabilities_of(Role.ADMIN)


def test_every_way_to_ask_gets_the_tables_answer_without_a_query():
    manager = ManagerFactory()

    with CaptureQueriesContext(connection) as captured:
        said = answers(manager)

    assert {name for name, answer in said.items() if not answer} == {"own", "own, async"}
    assert len(captured) == 0


def test_answer_follows_the_role_at_once():
    user = ManagerFactory()
    assert user.get_all_permissions() == policy.capabilities_of(Role.MANAGER)
    user.role = Role.EMPLOYEE
    assert user.get_all_permissions() == policy.capabilities_of(Role.EMPLOYEE)
    assert not user.has_perm(CHANGE)


@pytest.mark.parametrize("factory", [EmployeeFactory, ManagerFactory, AdminFactory])
def test_staff_without_a_required_second_factor_may_nothing(factory, settings):
    user = factory()
    assert user.get_all_permissions() != set()
    settings.STAFF_SECOND_FACTOR_REQUIRED = True

    assert answers(user) == dict.fromkeys(answers(user), False)
    assert (user.get_all_permissions(), user.is_staff) == (set(), False)


def test_those_switched_off_and_strangers_may_nothing():
    off = ManagerFactory(is_active=False)

    assert answers(off) == dict.fromkeys(answers(off), False)
    assert AnonymousUser().get_all_permissions() == set()


def test_those_with_a_capability_are_found_by_role():
    manager, off = ManagerFactory(), ManagerFactory(is_active=False)
    EmployeeFactory()

    assert set(RoleBackend().with_perm(CHANGE)) == {manager}
    assert set(RoleBackend().with_perm(CHANGE, is_active=None)) == {manager, off}
