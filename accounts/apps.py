"""Accounts: users, roles, tokens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import policy
from core.roles import Role


class AccountsConfig(AppConfig):
    """Who people are."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Declare who may see users in the admin; teach the API's schema our tokens."""
        import accounts.api.schema  # noqa: F401  # registers itself

        policy.grant(Role.MANAGER, "accounts.user", policy.VIEW)
        policy.grant(Role.ADMIN, "accounts.user", policy.EDIT)
        policy.grant(Role.MANAGER, "core.auditentry", policy.VIEW)
