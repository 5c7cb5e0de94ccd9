"""Sign-in by e-mail address; capabilities by role."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from accounts.models import User
from core import policy
from core.roles import Role


class RoleBackend(ModelBackend):
    """Passwords as Django checks them (timing-safe for unknown users); capabilities by the table.

    A role takes the place of Django's groups, at once and without a copy that could go stale.
    Rows of `auth_group`, `auth_permission` and their relations grant nothing.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether a password or a session of the user is good at all."""
        return bool(user.may_be_signed_in)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user may do something like "catalog.change_book", to any object."""
        return bool(user_obj.is_active) and policy.role_may(user_obj.acting_role, perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the user may do anything with an app."""
        return bool(user_obj.is_active) and policy.role_has_module(user_obj.acting_role, app_label)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return all that the user may do, as it is now: Django's would be remembered."""
        return self._get_permissions(user_obj, obj, "group")

    def with_perm(
        self,
        perm: Any,
        is_active: bool | None = True,
        include_superusers: bool = True,
        obj: Any = None,
    ) -> QuerySet[User]:
        """Return the users whose role has a capability; the superuser flag adds nobody."""
        able = [role for role in Role if policy.role_may(role, str(perm))]
        users = User.objects.filter(role__in=able)
        return users if is_active is None else users.filter(is_active=is_active)

    # Django's lists of permissions, asked for in either way, all come from these two.
    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        if from_name != "group" or user_obj.is_anonymous or not user_obj.is_active:
            return set()
        return policy.capabilities_of(user_obj.acting_role)

    async def _aget_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        return self._get_permissions(user_obj, obj, from_name)
