"""Which role may do what: the one table that the staff desk, the API and pages go by.

Each app declares its rows in `apps.ready` with `grant`. A capability is spelled as Django spells
permissions, "catalog.change_book". `User.has_perm` asks here (through
`accounts.backends.RoleBackend`), the API by `core.http.permissions.needs`.
"""

from collections.abc import Iterable

from core.roles import Role

VIEW = ("view",)
EDIT = ("view", "add", "change")
FULL = ("view", "add", "change", "delete")

_least_role: dict[str, Role] = {}


def grant(role: Role, model: str, actions: Iterable[str]) -> None:
    """Let `role` and every role above it do `actions` on `model` ("catalog.book")."""
    app, name = model.split(".")
    for action in actions:
        capability = f"{app}.{action}_{name}"
        known = _least_role.get(capability)
        if known is None or known.includes(role):
            _least_role[capability] = role


def role_may(role: Role, capability: str) -> bool:
    """Whether the table lets `role` do something like "catalog.change_book"."""
    least = _least_role.get(capability)
    return least is not None and role.includes(least)


def role_has_module(role: Role, app_label: str) -> bool:
    """Whether `role` may do anything with an app."""
    return any(name.startswith(f"{app_label}.") for name in capabilities_of(role))


def capabilities_of(role: Role) -> set[str]:
    """Return all that `role` may do."""
    return {name for name, least in _least_role.items() if role.includes(least)}
