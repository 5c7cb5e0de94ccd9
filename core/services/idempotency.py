"""Idempotency keys: the same key and body get the same answer, whatever happens in between.

The one write that doors may make themselves, because the claim must commit before the work starts
and the answer after it ended.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Invalid
from core.models import IdempotencyRecord

CLAIM_LASTS = timedelta(seconds=90)
KEPT_FOR = timedelta(hours=24)


class KeyRequired(Invalid):
    """A call that needs a key came without one."""

    code = "IDEMPOTENCY_KEY_REQUIRED"
    sentence = _("Send an Idempotency-Key header of 1 to 255 visible ASCII characters.")


class KeyReused(Conflict):
    """The key was used for another request."""

    code = "IDEMPOTENCY_KEY_REUSED"
    sentence = _("This Idempotency-Key was used for another request.")


class KeyInProgress(Conflict):
    """The first request with this key has not ended yet."""

    code = "IDEMPOTENCY_IN_PROGRESS"
    sentence = _("The first request with this Idempotency-Key is still being worked on.")
    retry_after = 2


@dataclass(frozen=True)
class Claim:
    """A key that is ours to work on until `claimed_until`, unless a later claim takes it over.

    `reference` names what an earlier, dead claim had made.
    """

    record_id: int
    reference: str
    claimed_until: datetime


@dataclass(frozen=True)
class Replay:
    """The answer given before."""

    status: int
    body: Any


def scope_of_user(user_id: UUID) -> str:
    """Return the scope in which a signed-in client's keys are unique."""
    return f"user:{user_id}"


def read_key(raw: str) -> str:
    """Return the key of an `Idempotency-Key` header (bare or quoted); raise `KeyRequired`."""
    key = raw.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not 1 <= len(key) <= 255 or any(not "!" <= character <= "~" for character in key):
        raise KeyRequired
    return key


def fingerprint_of(body: Any) -> str:
    """Return a digest that is the same for bodies that differ only in spaces or key order."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def claim_key(*, scope: str, route: str, key: str, fingerprint: str) -> Claim | Replay:
    """Claim a key in its own short transaction, or return the answer that was given before.

    Raises `KeyReused` for another body and `KeyInProgress` while a living claim works on it. A
    claim older than `CLAIM_LASTS` is taken over, together with what it had referred to. A key past
    its day is as good as new.
    """
    now = timezone.now()
    until = now + CLAIM_LASTS
    with transaction.atomic(durable=True):
        same_key = IdempotencyRecord.objects.filter(scope=scope, route=route, key=key)
        same_key.filter(expires_at__lt=now).delete()
        try:
            record, is_new = same_key.get_or_create(
                scope=scope,
                route=route,
                key=key,
                defaults={
                    "fingerprint": fingerprint,
                    "claimed_until": until,
                    "expires_at": now + KEPT_FOR,
                },
            )
        except IntegrityError:
            # A rival held the key when we wrote and had released it when we looked.
            raise KeyInProgress from None
        if is_new:
            return Claim(record_id=record.pk, reference="", claimed_until=until)
        if record.fingerprint != fingerprint:
            raise KeyReused
        if record.state == IdempotencyRecord.State.DONE:
            return Replay(status=record.status or 200, body=record.body)
        # Of several who see a dead claim, the one whose UPDATE finds it still dead takes it.
        taken = IdempotencyRecord.objects.filter(
            pk=record.pk, state=IdempotencyRecord.State.IN_PROGRESS, claimed_until__lt=now
        ).update(claimed_until=until)
        if not taken:
            raise KeyInProgress
        return Claim(record_id=record.pk, reference=record.reference, claimed_until=until)


def attach_reference(claim: Claim, reference: str) -> None:
    """Remember what the claim made, in the transaction that makes it, for whoever takes over.

    Raises `KeyInProgress`, and so undoes that transaction, when somebody has taken over already.
    """
    if not _still_ours(claim).update(reference=reference):
        raise KeyInProgress


def store_answer(claim: Claim, *, status: int, body: Any) -> None:
    """Keep the answer for replay; to be called once the work committed."""
    _still_ours(claim).update(state=IdempotencyRecord.State.DONE, status=status, body=body)


def release_claim(claim: Claim) -> None:
    """Forget a claim whose work left nothing behind, so that a corrected request may use it."""
    _still_ours(claim).filter(reference="").delete()


def _still_ours(claim: Claim) -> QuerySet[IdempotencyRecord]:
    return IdempotencyRecord.objects.filter(pk=claim.record_id, claimed_until=claim.claimed_until)


def forget_scope(scope: str) -> None:
    """Delete every key of a scope with its answer; work still under way finds nothing to note."""
    IdempotencyRecord.objects.filter(scope=scope).delete()


def purge_expired() -> int:
    """Delete records past their day; returns how many."""
    deleted, _by_model = IdempotencyRecord.objects.filter(expires_at__lt=timezone.now()).delete()
    return deleted
