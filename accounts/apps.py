"""Accounts: users, roles, tokens."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from core import policy
from core.roles import Role


class AccountsConfig(AppConfig):
    """Who people are."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Declare who may see users in the admin, what is personal; teach the schema our tokens."""
        import accounts.api.schema  # noqa: F401  # registers itself
        from accounts import privacy

        privacy.declare()

        checks.register(_check_tokens, checks.Tags.security)
        policy.grant(Role.MANAGER, "accounts.user", policy.VIEW)
        policy.grant(Role.ADMIN, "accounts.user", policy.EDIT)
        policy.grant(Role.MANAGER, "core.auditentry", policy.VIEW)


def _check_tokens(**_options: Any) -> list[checks.CheckMessage]:
    """Refuse to start with keys or settings that would make tokens worth little."""
    from accounts.gateways import token_format

    return [checks.Error(fault, id="accounts.E001") for fault in token_format.faults_of_settings()]
