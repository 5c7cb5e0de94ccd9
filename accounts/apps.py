"""Accounts: users, roles, tokens."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from core import invariants, policy
from core.roles import Role


class AccountsConfig(AppConfig):
    """Who people are."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Declare what must always hold, who may see users, what is personal; check the keys."""
        import accounts.api.schema  # noqa: F401  # registers itself
        from accounts import privacy

        privacy.declare()
        for name, promise, breaches_sql in _INVARIANTS:
            invariants.register(name, promise, breaches_sql)
        checks.register(_check_tokens, checks.Tags.security)
        policy.grant(Role.MANAGER, "accounts.user", policy.VIEW)
        policy.grant(Role.ADMIN, "accounts.user", policy.EDIT)
        policy.grant(Role.MANAGER, "core.auditentry", policy.VIEW)


_INVARIANTS = [
    (
        "second_factor_date_true",
        "a user has the date of a second factor exactly while there is an app or a passkey",
        """
        SELECT u.id, u.second_factor_at
        FROM accounts_user u
        WHERE (u.second_factor_at IS NOT NULL) <> EXISTS (
            SELECT FROM mfa_authenticator f
            WHERE f.user_id = u.id AND f.type IN ('totp', 'webauthn')
        )
        """,
    ),
    (
        "recovery_codes_stand_in",
        "nobody has recovery codes without a second factor that they could stand in for",
        """
        SELECT u.id
        FROM accounts_user u JOIN mfa_authenticator f ON f.user_id = u.id
        WHERE f.type = 'recovery_codes' AND u.second_factor_at IS NULL
        """,
    ),
    (
        "one_default_address",
        "exactly one of a user's saved addresses is the default",
        """
        SELECT user_id, count(*), count(*) FILTER (WHERE is_default)
        FROM accounts_address
        GROUP BY user_id
        HAVING count(*) FILTER (WHERE is_default) <> 1
        """,
    ),
]


def _check_tokens(**_options: Any) -> list[checks.CheckMessage]:
    """Refuse to start with keys or settings that would make tokens worth little."""
    from accounts.gateways import token_format

    return [checks.Error(fault, id="accounts.E001") for fault in token_format.faults_of_settings()]
