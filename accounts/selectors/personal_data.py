"""What an export says of somebody's account: one statement a section."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import F, QuerySet

from accounts.models import Address, BrowserSession, OneTimeToken, RefreshFamily, User
from core import rows
from core.errors import NotFound

type Rows = Iterator[dict[str, Any]]


def profile_of(user_id: uuid.UUID) -> Mapping[str, object]:
    """Return who somebody said they are, and what the shop made of it.

    Raises `NotFound` for somebody who was deleted meanwhile.
    """
    profile = User.objects.filter(pk=user_id).values(
        "id",
        "email",
        "full_name",
        "role",
        "is_active",
        "is_verified",
        "second_factor_at",
        "last_login",
        "created_at",
    )
    found = profile.first()
    if found is None:
        raise NotFound
    return found


def addresses_of(user_id: uuid.UUID) -> Rows:
    """Return the saved addresses."""
    addresses = Address.objects.filter(user_id=user_id)
    return _stream(
        addresses,
        "id",
        "recipient",
        "line1",
        "line2",
        "city",
        "postcode",
        "country",
        "phone",
        "is_default",
        "delivery_preferences",
        "created_at",
    )


def sessions_of(user_id: uuid.UUID) -> Rows:
    """Return the browsers that are signed in."""
    sessions = BrowserSession.objects.filter(user_id=user_id)
    return _stream(sessions, "device", "created_at", "seen_at", "expire_date")


def api_sign_ins_of(user_id: uuid.UUID) -> Rows:
    """Return the sign-ins of apps, ended ones too."""
    return _stream(
        RefreshFamily.objects.filter(user_id=user_id),
        "device",
        "created_at",
        "used_at",
        "expires_at",
        "revoked_at",
        "revoked_because",
    )


def links_of(user_id: uuid.UUID) -> Rows:
    """Return what links and codes were asked for, and which address they went to."""
    tokens = OneTimeToken.objects.filter(user_id=user_id)
    return _stream(tokens, "purpose", "email", "attempts", "created_at", "expires_at", "used_at")


def connected_logins_of(user_id: uuid.UUID) -> Rows:
    """Return the connected providers with what they told about the person."""
    accounts = SocialAccount.objects.filter(user_id=user_id)
    return _stream(accounts, "provider", "uid", "last_login", "date_joined", "extra_data")


def second_factors_of(user_id: uuid.UUID) -> Rows:
    """Return kinds, names and dates of second factors; their secrets stay here."""
    factors = Authenticator.objects.filter(user_id=user_id)
    return _stream(factors, "type", "created_at", "last_used_at", name=F("data__name"))


def _stream(queryset: QuerySet[Any], *names: str, **others: Any) -> Rows:
    return rows.stream(queryset.order_by("pk").values(*names, **others))
