"""Token pairs: short-lived access, and refresh tokens that are good for one use each.

A sign-in is a *family* (`RefreshFamily`). Of all refresh tokens that descend from it only the one
named by `current_jti` is alive; whoever shows another shows a stolen or a lost one, and the family
dies. `gateways.token_format` gives the format. Families are ours, because the library's blacklist
lets several of many simultaneous refreshes through.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.enums import Letter
from accounts.errors import TokenExpired, TokenInvalid, TokenReused
from accounts.gateways import token_format
from accounts.models import BrowserSession, RefreshFamily, User
from accounts.services import letters
from core.services import audit, ratelimit

# Refresh tokens cannot be guessed: these keep a client that has gone wild from costing too much,
# and let everybody pass while nothing can be counted.
REFRESHES = ratelimit.Limit("refresh", attempts=60, seconds=60)
REFRESHES_OF_USER = ratelimit.Limit("refresh-user", attempts=60, seconds=60)

SIGNED_OUT = "signed out"
SIGNED_OUT_EVERYWHERE = "signed out everywhere"
REUSED = "refresh token reused"


@dataclass(frozen=True)
class TokenPair:
    """What a client gets. `access_expires_in` is in seconds."""

    access: str
    refresh: str
    access_expires_in: int
    user: User


@dataclass(frozen=True)
class Claims:
    """What a token that we signed says."""

    user_id: uuid.UUID
    family_id: uuid.UUID
    jti: uuid.UUID
    version: int


def issue_pair(*, user: User, device: str = "") -> TokenPair:
    """Start a family for `user`, who proved who they are, and return its first pair.

    `device` is what to call the client on the page of sign-ins (`client.device_of`).
    """
    family = RefreshFamily.objects.create(
        user=user,
        current_jti=uuid.uuid4(),
        device=device[:100],
        expires_at=timezone.now() + _lifetime("REFRESH_TOKEN_LIFETIME"),
    )
    return _pair(user, family.pk, family.current_jti, family.expires_at)


def refresh_pair(*, refresh: str, address: str) -> TokenPair:
    """Spend a refresh token and return the next pair of its family.

    One UPDATE claims the token, so of any number of simultaneous calls exactly one succeeds; the
    others are reuse. Reuse revokes the family, which is committed with its audit row and a letter
    to the user before the error is raised. Families end 30 days after their sign-in, however often
    they are refreshed. `address` is the client's, for the rate limit. Raises `TokenInvalid` (also
    for users who are gone, switched off or signed out everywhere), `TokenExpired`, `TokenReused`,
    `RateLimited`.
    """
    ratelimit.count_attempt(REFRESHES, address)
    claims = read_refresh(refresh)
    ratelimit.count_attempt(REFRESHES_OF_USER, str(claims.user_id))
    family = _living_family(claims)
    now = timezone.now()
    successor = uuid.uuid4()
    # Only columns of this table: PostgreSQL looks at them again when a rival commits first, which
    # it would not do for a joined table.
    claimed = RefreshFamily.objects.filter(
        pk=family.pk, current_jti=claims.jti, revoked_at=None, expires_at__gt=now
    ).update(current_jti=successor, used_at=now)
    if not claimed:
        _refuse_spent(family.pk)
    return _pair(family.user, family.pk, successor, family.expires_at)


def revoke_family(*, refresh: str) -> None:
    """Sign out: the family of this refresh token, spent or not, is dead with its access tokens.

    Doing it again changes nothing. Raises `TokenInvalid`, `TokenExpired`.
    """
    claims = read_refresh(refresh)
    with transaction.atomic():
        if _revoke(claims.family_id, SIGNED_OUT):
            _record("auth.logged_out", claims.user_id, claims.family_id, actor_id=claims.user_id)


def revoke_all(*, user: User, actor_id: uuid.UUID) -> None:
    """Sign `user` out everywhere: every session, refresh and access token dies at once."""
    with transaction.atomic():
        end_all_of(user_id=user.pk, because=SIGNED_OUT_EVERYWHERE)
        audit.record_change(
            action="auth.logged_out_everywhere",
            entity_type="user",
            entity_id=user.pk,
            actor_id=actor_id,
        )


def end_all_of(*, user_id: uuid.UUID, because: str) -> None:
    """End every session, refresh and access token of a user; joins the caller's transaction.

    For whatever changes what they stood for: password, address, role, being switched off. The
    caller writes the audit row. Raises the token version in the database, not on a loaded user.
    Holds the user's row, then families, then sessions.
    """
    User.objects.filter(pk=user_id).update(token_version=F("token_version") + 1)
    RefreshFamily.objects.filter(user_id=user_id, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_because=because
    )
    BrowserSession.objects.filter(user_id=user_id).delete()


def read_refresh(raw: str) -> Claims:
    """Return the claims of a refresh token; raise `TokenInvalid` or `TokenExpired`."""
    return _read(token_format.RefreshToken, raw)


def read_access(raw: str) -> Claims:
    """Return the claims of an access token; raise `TokenInvalid` or `TokenExpired`."""
    return _read(token_format.AccessToken, raw)


def _read(
    kind: type[token_format.AccessToken] | type[token_format.RefreshToken], raw: str
) -> Claims:
    try:
        claims = token_format.read(kind, raw)
        return Claims(
            user_id=uuid.UUID(claims["sub"]),
            family_id=uuid.UUID(claims["fam"]),
            jti=uuid.UUID(claims["jti"]),
            version=int(claims["ver"]),
        )
    except token_format.Expired:
        raise TokenExpired from None
    except (token_format.Unreadable, KeyError, ValueError, AttributeError, TypeError):
        raise TokenInvalid from None


def _living_family(claims: Claims) -> RefreshFamily:
    family = (
        RefreshFamily.objects.select_related("user")
        .filter(pk=claims.family_id, user_id=claims.user_id)
        .first()
    )
    if family is None or family.user.token_version != claims.version:
        raise TokenInvalid
    if not family.user.may_be_signed_in:
        raise TokenInvalid
    if family.expires_at <= timezone.now():
        raise TokenExpired
    return family


def _refuse_spent(family_id: uuid.UUID) -> None:
    # Durable: the revocation must be committed although this ends in an error.
    with transaction.atomic(durable=True):
        revoked = _revoke(family_id, REUSED)
        family = RefreshFamily.objects.select_related("user").filter(pk=family_id).first()
        if family is not None and revoked:
            _record("auth.token_reused", family.user_id, family_id, actor_id=None)
            letters.post(Letter.TOKEN_REUSED, user=family.user)
    if family is not None and family.revoked_because == REUSED:
        raise TokenReused
    raise TokenInvalid


def _revoke(family_id: uuid.UUID, because: str) -> bool:
    living = RefreshFamily.objects.filter(pk=family_id, revoked_at=None)
    return bool(living.update(revoked_at=timezone.now(), revoked_because=because))


def _record(
    action: str, user_id: uuid.UUID, family_id: uuid.UUID, *, actor_id: uuid.UUID | None
) -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user_id,
        actor_id=actor_id,
        context={"family": str(family_id)},
    )


def _pair(user: User, family_id: uuid.UUID, jti: uuid.UUID, expires_at: datetime) -> TokenPair:
    common: dict[str, Any] = {
        "sub": str(user.pk),
        "fam": str(family_id),
        "ver": user.token_version,
    }
    end = int(expires_at.timestamp())
    return TokenPair(
        access=token_format.written(token_format.AccessToken, common),
        refresh=token_format.written(
            token_format.RefreshToken, common | {"jti": str(jti), "exp": end}
        ),
        access_expires_in=int(_lifetime("ACCESS_TOKEN_LIFETIME").total_seconds()),
        user=user,
    )


def _lifetime(setting: str) -> timedelta:
    return cast("timedelta", settings.SIMPLE_JWT[setting])
