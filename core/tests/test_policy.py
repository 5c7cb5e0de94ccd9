"""Who may do what: roles include each other, and what nobody was granted nobody has."""

from types import SimpleNamespace

import pytest

from core import policy
from core.http.permissions import needs
from core.roles import Role

pytestmark = pytest.mark.req("AUTH-05")


@pytest.fixture(autouse=True)
def _empty_registry(monkeypatch):
    monkeypatch.setattr(policy, "_least_role", {})


def test_roles_include_the_ones_before():
    including = {role: [other for other in Role if role.includes(other)] for role in Role}

    assert including == {
        Role.CUSTOMER: [Role.CUSTOMER],
        Role.EMPLOYEE: [Role.CUSTOMER, Role.EMPLOYEE],
        Role.MANAGER: [Role.CUSTOMER, Role.EMPLOYEE, Role.MANAGER],
        Role.ADMIN: [Role.CUSTOMER, Role.EMPLOYEE, Role.MANAGER, Role.ADMIN],
    }


def may(permission: str) -> list[Role]:
    return [role for role in Role if policy.role_may(role, permission)]


def test_what_was_not_granted_nobody_may():
    assert may("catalog.view_book") == []
    assert not policy.role_has_module(Role.ADMIN, "catalog")


def test_grant_reaches_the_role_and_those_above():
    policy.grant(Role.MANAGER, "catalog.book", policy.EDIT)

    assert may("catalog.change_book") == [Role.MANAGER, Role.ADMIN]
    assert may("catalog.delete_book") == []
    assert policy.role_has_module(Role.MANAGER, "catalog")
    assert not policy.role_has_module(Role.EMPLOYEE, "catalog")
    assert not policy.role_has_module(Role.MANAGER, "cat")


@pytest.mark.parametrize("order", [(Role.EMPLOYEE, Role.MANAGER), (Role.MANAGER, Role.EMPLOYEE)])
def test_of_two_grants_the_wider_counts(order):
    for role in order:
        policy.grant(role, "catalog.book", policy.VIEW)

    assert may("catalog.view_book") == [Role.EMPLOYEE, Role.MANAGER, Role.ADMIN]


def test_capabilities_of_a_role_are_the_tables():
    policy.grant(Role.MANAGER, "catalog.book", policy.EDIT)
    policy.grant(Role.EMPLOYEE, "catalog.book", policy.VIEW)

    assert policy.capabilities_of(Role.CUSTOMER) == set()
    assert policy.capabilities_of(Role.EMPLOYEE) == {"catalog.view_book"}
    assert policy.capabilities_of(Role.MANAGER) == {
        "catalog.view_book",
        "catalog.add_book",
        "catalog.change_book",
    }


def test_endpoint_lets_in_those_who_have_its_capability():
    permission = needs("catalog.change_book")()

    def heard(**user) -> bool:
        return permission.has_permission(SimpleNamespace(user=SimpleNamespace(**user)), None)

    assert heard(is_authenticated=True, has_perm="catalog.change_book".__eq__)
    assert not heard(is_authenticated=True, has_perm="catalog.view_book".__eq__)
    assert not heard(is_authenticated=False)
