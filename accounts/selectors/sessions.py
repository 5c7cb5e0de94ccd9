"""Where somebody is signed in: browsers and API clients in one list."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import BrowserSession, RefreshFamily

# A script that signs in anew each minute must not make a page of forty thousand lines.
MOST_OF_A_KIND = 100


class Kind(StrEnum):
    """What is signed in."""

    BROWSER = "browser"
    APP = "app"


@dataclass(frozen=True)
class Here:
    """The sign-in that asks: a browser's session key, or an API client's family."""

    session_key: str = ""
    family_id: uuid.UUID | None = None


@dataclass(frozen=True)
class SignIn:
    """One place. `id` stands for the session or family and opens nothing."""

    id: str
    kind: Kind
    device: str
    created_at: datetime
    seen_at: datetime
    is_current: bool

    @property
    def is_browser(self) -> bool:
        """Whether it is a browser's session."""
        return self.kind is Kind.BROWSER


def sign_ins_of(user_id: uuid.UUID, *, here: Here) -> list[SignIn]:
    """Return where a user is signed in, this place first, then the latest seen (two queries)."""
    browsers = [
        SignIn(
            id=_id_of(key),
            kind=Kind.BROWSER,
            device=device,
            created_at=created_at,
            seen_at=seen_at,
            is_current=constant_time_compare(key, here.session_key),
        )
        for key, device, created_at, seen_at in living_sessions(user_id)
        .order_by("-seen_at")
        .values_list("session_key", "device", "created_at", "seen_at")[:MOST_OF_A_KIND]
    ]
    apps = [
        SignIn(
            id=_id_of(str(pk)),
            kind=Kind.APP,
            device=device,
            created_at=created_at,
            seen_at=used_at,
            is_current=pk == here.family_id,
        )
        for pk, device, created_at, used_at in living_families(user_id)
        .order_by("-used_at")
        .values_list("pk", "device", "created_at", "used_at")[:MOST_OF_A_KIND]
    ]
    latest = sorted(browsers + apps, key=lambda each: each.seen_at, reverse=True)
    return sorted(latest, key=lambda each: not each.is_current)


def session_named(user_id: uuid.UUID, sign_in_id: str) -> QuerySet[BrowserSession]:
    """Return the user's browser session that `sign_in_id` stands for, if it does."""
    keys = living_sessions(user_id).values_list("session_key", flat=True)
    named = [key for key in keys if constant_time_compare(_id_of(key), sign_in_id)]
    return BrowserSession.objects.filter(session_key__in=named)


def family_named(user_id: uuid.UUID, sign_in_id: str) -> QuerySet[RefreshFamily]:
    """Return the user's living family that `sign_in_id` stands for, if it does."""
    ids = living_families(user_id).values_list("pk", flat=True)
    named = [pk for pk in ids if constant_time_compare(_id_of(str(pk)), sign_in_id)]
    return RefreshFamily.objects.filter(pk__in=named, revoked_at=None)


def living_sessions(user_id: uuid.UUID) -> QuerySet[BrowserSession]:
    """Return the browser sessions of a user that have not ended."""
    return BrowserSession.objects.filter(user_id=user_id, expire_date__gt=timezone.now())


def living_families(user_id: uuid.UUID) -> QuerySet[RefreshFamily]:
    """Return the API sign-ins of a user that have not ended."""
    return RefreshFamily.objects.filter(
        user_id=user_id, revoked_at=None, expires_at__gt=timezone.now()
    )


def is_family_younger_than(seconds: int, *, family_id: uuid.UUID) -> bool:
    """Whether an API client signed in, by showing a proof, in the last `seconds`."""
    began = timezone.now() - timedelta(seconds=seconds)
    return RefreshFamily.objects.filter(pk=family_id, created_at__gte=began).exists()


def _id_of(secret: str) -> str:
    # A session's key is what its cookie proves: it is never shown, not even to its owner.
    return salted_hmac("accounts.sign_in", secret, algorithm="sha256").hexdigest()[:32]
