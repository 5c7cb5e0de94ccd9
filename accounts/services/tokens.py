"""Token pairs: short-lived access, and refresh tokens that are good for one use each.

A sign-in is a *family* (`RefreshFamily`). Of all refresh tokens that descend from it only the one
named by `current_jti` is alive; whoever shows another shows a stolen or a lost one, and the family
dies. The library gives the format of tokens; families are ours, because its blacklist lets several
of many simultaneous refreshes through.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from rest_framework_simplejwt import tokens as formats
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError

from accounts.errors import TokenExpired, TokenInvalid, TokenReused
from accounts.models import RefreshFamily, User
from core.services import audit, ratelimit

REFRESHES = ratelimit.Limit("refresh", attempts=60, seconds=60)
# Ours have about 400 characters; what is longer is not worth decoding.
LONGEST_TOKEN = 2048

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


def issue_pair(*, user: User) -> TokenPair:
    """Start a family for `user`, who proved who they are, and return its first pair."""
    family = RefreshFamily.objects.create(
        user=user,
        current_jti=uuid.uuid4(),
        expires_at=timezone.now() + _lifetime("REFRESH_TOKEN_LIFETIME"),
    )
    return _pair(user, family.pk, family.current_jti, family.expires_at)


def refresh_pair(*, refresh: str, address: str) -> TokenPair:
    """Spend a refresh token and return the next pair of its family.

    One UPDATE claims the token, so of any number of simultaneous calls exactly one succeeds; the
    others are reuse. Reuse revokes the family, which is committed and audited before the error is
    raised. Families end 30 days after their sign-in, however often they are refreshed. `address`
    is the client's, for the rate limit. Raises `TokenInvalid` (also for users who are gone,
    switched off or signed out everywhere), `TokenExpired`, `TokenReused`, `RateLimited`.
    """
    ratelimit.count_attempt(REFRESHES, address)
    claims = read_refresh(refresh)
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
        User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
        RefreshFamily.objects.filter(user_id=user.pk, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_because=SIGNED_OUT_EVERYWHERE
        )
        audit.record_change(
            action="auth.logged_out_everywhere",
            entity_type="user",
            entity_id=user.pk,
            actor_id=actor_id,
        )


def read_refresh(raw: str) -> Claims:
    """Return the claims of a refresh token; raise `TokenInvalid` or `TokenExpired`."""
    return _read(formats.RefreshToken, raw)


def read_access(raw: str) -> Claims:
    """Return the claims of an access token; raise `TokenInvalid` or `TokenExpired`."""
    return _read(formats.AccessToken, raw)


def _read(form: type[formats.Token], raw: str) -> Claims:
    if len(raw) > LONGEST_TOKEN:
        raise TokenInvalid
    try:
        # Signature, algorithm, issuer, audience, type and end are the library's to check.
        token = form(raw)  # type: ignore[arg-type]  # its annotation is not what it takes
        return Claims(
            user_id=uuid.UUID(token["sub"]),
            family_id=uuid.UUID(token["fam"]),
            jti=uuid.UUID(token["jti"]),
            version=int(token["ver"]),
        )
    except ExpiredTokenError:
        raise TokenExpired from None
    except (TokenError, KeyError, ValueError, AttributeError, TypeError, RecursionError):
        raise TokenInvalid from None


def _living_family(claims: Claims) -> RefreshFamily:
    family = (
        RefreshFamily.objects.select_related("user")
        .filter(pk=claims.family_id, user_id=claims.user_id)
        .first()
    )
    if family is None or not family.user.is_active or family.user.token_version != claims.version:
        raise TokenInvalid
    if family.expires_at <= timezone.now():
        raise TokenExpired
    return family


def _refuse_spent(family_id: uuid.UUID) -> None:
    # Durable: the revocation must be committed although this ends in an error.
    with transaction.atomic(durable=True):
        revoked = _revoke(family_id, REUSED)
        family = RefreshFamily.objects.filter(pk=family_id).first()
        if family is not None and revoked:
            _record("auth.token_reused", family.user_id, family_id, actor_id=None)
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
    access = formats.AccessToken()
    refresh = formats.RefreshToken()
    access.payload |= common
    refresh.payload |= common | {"jti": str(jti), "exp": int(expires_at.timestamp())}
    return TokenPair(
        access=str(access),
        refresh=str(refresh),
        access_expires_in=int(_lifetime("ACCESS_TOKEN_LIFETIME").total_seconds()),
        user=user,
    )


def _lifetime(setting: str) -> timedelta:
    return cast("timedelta", settings.SIMPLE_JWT[setting])
