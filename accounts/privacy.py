"""What accounts hold about people, the tables of allauth included."""

from accounts.selectors import personal_data
from core import privacy


def declare() -> None:
    """Put accounts' tables into the registry (called once, when the app is ready)."""
    _declare_person()
    _declare_sign_ins()
    _declare_connections()
    _declare_second_factors()
    _declare_addresses_of_allauth()
    for section, read in {
        "profile": personal_data.profile_of,
        "addresses": personal_data.addresses_of,
        "sessions": personal_data.sessions_of,
        "api_sign_ins": personal_data.api_sign_ins_of,
        "links": personal_data.links_of,
        "connected_logins": personal_data.connected_logins_of,
        "second_factors": personal_data.second_factors_of,
    }.items():
        privacy.export(section, read)


def _declare_person() -> None:
    privacy.classify(
        "accounts.User",
        why="who somebody is and how they sign in",
        section="profile",
        personal="email full_name role is_active is_verified second_factor_at last_login "
        "created_at",
        hidden="password",
        references="id",
        other="is_superuser token_version",
    )
    privacy.classify(
        "accounts.Address",
        why="where books go, so that it need not be typed again",
        section="addresses",
        personal="recipient line1 line2 city postcode country phone is_default "
        "delivery_preferences created_at",
        references="id user",
    )

    for model, column in (("User_groups", "group"), ("User_user_permissions", "permission")):
        unused = "Django's own permissions of one user, unused: the role decides"
        privacy.classify(
            f"accounts.{model}",
            why=unused,
            unexported=unused,
            references="id user",
            other=column,
        )


def _declare_sign_ins() -> None:
    privacy.classify(
        "accounts.BrowserSession",
        why="who is signed in where; until two weeks after it was last written to",
        section="sessions",
        personal="device created_at seen_at expire_date",
        # An unfinished checkout in it is exported by commerce, who knows how to read it.
        hidden="session_key session_data",
        references="user",
    )
    privacy.classify(
        "accounts.RefreshFamily",
        why="which apps are signed in",
        section="api_sign_ins",
        personal="device created_at used_at expires_at revoked_at revoked_because",
        hidden="current_jti",
        references="id user",
    )
    privacy.classify(
        "accounts.OneTimeToken",
        why="links and codes on their way; until a week after they ended",
        section="links",
        personal="purpose email attempts created_at expires_at used_at",
        hidden="context",
        references="id user",
    )


def _declare_connections() -> None:
    privacy.classify(
        "socialaccount.SocialAccount",
        why="which sign-in at Google or GitHub opens the account",
        section="connected_logins",
        personal="provider uid last_login date_joined extra_data",
        references="id user",
    )
    privacy.classify(
        "socialaccount.SocialToken",
        why="keys of the provider",
        unexported="nothing but secrets",
        hidden="token token_secret",
        references="id account",
        other="app expires_at",
    )
    privacy.classify_impersonal(
        "socialaccount.SocialApp",
        why="the shop's own registration at providers",
        other="id provider provider_id name client_id secret key settings",
    )


def _declare_second_factors() -> None:
    privacy.classify(
        "mfa.Authenticator",
        why="what the second factor is",
        section="second_factors",
        personal="type created_at last_used_at",
        hidden="data",
        references="id user",
    )


def _declare_addresses_of_allauth() -> None:
    empty = "the library's own table of addresses, which stays empty"
    privacy.classify(
        "account.EmailAddress",
        why=empty,
        unexported=empty,
        personal="email",
        references="id user",
        other="verified primary",
    )
    privacy.classify(
        "account.EmailConfirmation",
        why=empty,
        unexported=empty,
        hidden="key",
        references="id email_address",
        other="created sent",
    )
