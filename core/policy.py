"""Which role may do what: one registry for the admin site, permission classes for the API.

Each app declares its rows in `apps.ready` with `grant`; `accounts.backends.RoleBackend` reads them.
"""

from collections.abc import Iterable
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.roles import Role

VIEW = ("view",)
EDIT = ("view", "add", "change")
FULL = ("view", "add", "change", "delete")

_least_role: dict[str, Role] = {}


def grant(role: Role, model: str, actions: Iterable[str]) -> None:
    """Let `role` and every role above it do `actions` on `model` ("catalog.book") in the admin."""
    app, name = model.split(".")
    for action in actions:
        permission = f"{app}.{action}_{name}"
        known = _least_role.get(permission)
        if known is None or known.includes(role):
            _least_role[permission] = role


def role_may(role: Role, permission: str) -> bool:
    """Whether the registry lets `role` use an admin permission like "catalog.change_book"."""
    least = _least_role.get(permission)
    return least is not None and role.includes(least)


def role_has_module(role: Role, app_label: str) -> bool:
    """Whether `role` may see anything of an app in the admin."""
    return any(
        permission.startswith(f"{app_label}.") and role.includes(least)
        for permission, least in _least_role.items()
    )


class _RoleAtLeast(BasePermission):
    least: Role

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        return bool(user.is_authenticated and user.has_role(self.least))


class IsEmployee(_RoleAtLeast):
    """EMPLOYEE and up."""

    least = Role.EMPLOYEE


class IsManager(_RoleAtLeast):
    """MANAGER and up."""

    least = Role.MANAGER


class IsAdmin(_RoleAtLeast):
    """ADMIN only."""

    least = Role.ADMIN
