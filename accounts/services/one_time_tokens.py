"""One-time tokens: issued, looked at, spent. The only writer of `OneTimeToken`.

What people get is `<id>.<signature>`: the table holds no secret, jobs carry the id alone, and
whoever reads the database cannot make a link of it.
"""

import base64
import binascii
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.enums import TokenPurpose
from accounts.errors import LinkInvalid
from accounts.models import OneTimeToken, User

LIFETIMES = {
    TokenPurpose.VERIFY_EMAIL: timedelta(days=3),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
    TokenPurpose.SIGN_IN_LINK: timedelta(minutes=15),
    TokenPurpose.SECOND_FACTOR: timedelta(minutes=5),
    TokenPurpose.OAUTH_EXCHANGE: timedelta(seconds=60),
    TokenPurpose.NOTICE: timedelta(days=1),
}
LONGEST = 100


def issue(
    purpose: TokenPurpose,
    *,
    user: User | None,
    email: str = "",
    context: dict[str, Any] | None = None,
) -> OneTimeToken:
    """Store and return a token; `secret_of` makes of it what people get.

    Without a user it is a decoy that nothing accepts. Joins the caller's transaction.
    """
    return OneTimeToken.objects.create(
        purpose=purpose,
        user=user,
        email=email,
        context=context or {},
        expires_at=timezone.now() + LIFETIMES[purpose],
    )


def secret_of(token: OneTimeToken) -> str:
    """Return the text that proves this token: about 60 characters, safe in addresses."""
    return f"{_encoded(token.pk.bytes)}.{_signature(token.purpose, token.pk)}"


def look_at(secret: str, purpose: TokenPurpose) -> OneTimeToken:
    """Return the living token of a secret, with its user, without spending it.

    Raises `LinkInvalid` for what was tampered with, spent, ended or meant for something else, and
    when its user is gone or switched off.
    """
    token = _living(_id_of(secret, purpose), purpose).select_related("user").first()
    if token is None or token.user is None or not token.user.is_active:
        raise LinkInvalid
    return token


def spend(secret: str, purpose: TokenPurpose) -> OneTimeToken:
    """Spend a token and return it with its user. Of many calls at once exactly one succeeds.

    Joins the caller's transaction: rolled back, the token lives on. Raises `LinkInvalid`.
    """
    token = look_at(secret, purpose)
    # One UPDATE claims it: PostgreSQL looks again at a row whose rival commits first.
    if not _living(token.pk, purpose).update(used_at=timezone.now()):
        raise LinkInvalid
    return token


def count_answer(token: OneTimeToken) -> int:
    """Count an answer to a challenge, before it is looked at, and return how many there were.

    Committed at once: must run outside a transaction.
    """
    with transaction.atomic(durable=True):
        OneTimeToken.objects.filter(pk=token.pk).update(attempts=F("attempts") + 1)
    token.refresh_from_db(fields=["attempts"])
    return token.attempts


def drop_all_of(user: User, *purposes: TokenPurpose) -> None:
    """Make the user's unspent tokens (of these purposes, or of all) worthless."""
    living = OneTimeToken.objects.filter(user=user, used_at=None)
    if purposes:
        living = living.filter(purpose__in=purposes)
    living.update(used_at=timezone.now())


def purge_ended() -> int:
    """Delete tokens that ended a week ago (letters speak of them till then); return how many."""
    ended = OneTimeToken.objects.filter(expires_at__lt=timezone.now() - timedelta(days=7))
    return ended.delete()[0]


def _living(token_id: uuid.UUID, purpose: TokenPurpose) -> "QuerySet[OneTimeToken]":
    return OneTimeToken.objects.filter(
        pk=token_id, purpose=purpose, used_at=None, expires_at__gt=timezone.now()
    )


def _id_of(secret: str, purpose: TokenPurpose) -> uuid.UUID:
    encoded, _dot, signature = secret[:LONGEST].partition(".")
    try:
        token_id = uuid.UUID(bytes=base64.urlsafe_b64decode(encoded + "=="))
    except (ValueError, binascii.Error):
        raise LinkInvalid from None
    if not constant_time_compare(signature, _signature(purpose, token_id)):
        raise LinkInvalid
    return token_id


def _signature(purpose: str, token_id: uuid.UUID) -> str:
    digest = salted_hmac(f"accounts.OneTimeToken.{purpose}", token_id.hex, algorithm="sha256")
    return _encoded(digest.digest()[:24])


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
