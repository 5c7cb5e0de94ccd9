"""Sign-in by e-mail address; admin permissions by role."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from core import policy


class RoleBackend(ModelBackend):
    """Passwords as Django checks them (timing-safe for unknown users); permissions by policy."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user's role may use an admin permission."""
        return bool(user_obj.is_active) and policy.role_may(user_obj.acting_role, perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the user's role sees anything of an app."""
        return bool(user_obj.is_active) and policy.role_has_module(user_obj.acting_role, app_label)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Permissions are asked for one at a time, never listed."""
        return set()
