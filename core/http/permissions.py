"""Who may use an endpoint of the API, by the same table as the staff desk."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Capability(BasePermission):
    """Lets in whoever's role has `name`; `needs` makes one."""

    name = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask the table: nobody is 401, the wrong role 403."""
        return bool(request.user.is_authenticated and request.user.has_perm(self.name))


def needs(capability: str) -> type[Capability]:
    """Return a permission class for a capability of `core.policy` ("accounts.change_user")."""
    return type("Needs", (Capability,), {"name": capability})
