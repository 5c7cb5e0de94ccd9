"""Who may use an endpoint of the API, by the same table as the staff desk."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core import policy
from core.errors import SecondFactorMissing
from core.roles import Role


class Capability(BasePermission):
    """Lets in whoever's role has `name`; `needs` makes one."""

    name = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Ask the table: nobody is 401, the wrong role 403.

        Raises `SecondFactorMissing` for staff whose role would do, had they the second factor
        that the shop asks them for: they act as customers.
        """
        user = request.user
        if not user.is_authenticated or user.has_perm(self.name):
            return bool(user.is_authenticated)
        lacks_factor = getattr(user, "lacks_second_factor", False)
        if lacks_factor and policy.role_may(Role(user.role), self.name):
            raise SecondFactorMissing
        return False


def needs(capability: str) -> type[Capability]:
    """Return a permission class for a capability of `core.policy` ("accounts.change_user")."""
    return type("Needs", (Capability,), {"name": capability})
