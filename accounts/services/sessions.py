"""Signing out elsewhere: one place, or every other."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import BrowserSession, RefreshFamily, User
from accounts.selectors import sessions
from accounts.services import tokens
from core.errors import NotFound
from core.services import audit


def sign_out_of(*, user: User, sign_in_id: str) -> None:
    """End one sign-in of `user`, at once: the session's row is gone, or the family revoked.

    Raises `NotFound` for what is not theirs, has ended or never was. Leaves an audit row.
    """
    with transaction.atomic():
        ended = sessions.session_named(user.pk, sign_in_id).delete()[0]
        kind = sessions.Kind.BROWSER
        if not ended:
            ended = sessions.family_named(user.pk, sign_in_id).update(**_revoked())
            kind = sessions.Kind.APP
        if not ended:
            raise NotFound
        _record("auth.session_ended", user.pk, {"kind": kind.value})


def sign_out_elsewhere(*, user: User, here: sessions.Here) -> int:
    """End every sign-in of `user` but the one that asks; return how many. Leaves an audit row."""
    with transaction.atomic():
        others = sessions.living_sessions(user.pk).exclude(session_key=here.session_key)
        families = sessions.living_families(user.pk)
        if here.family_id is not None:
            families = families.exclude(pk=here.family_id)
        # Families first, as `tokens.end_all_of` has it: both at once must not wait for each other.
        ended = families.update(**_revoked()) + others.delete()[0]
        _record("auth.logged_out_elsewhere", user.pk, {"ended": ended})
    return ended


def purge_ended() -> int:
    """Delete browser sessions and API sign-ins whose time is over; return how many.

    A family is kept to its end even when revoked: till then its spent tokens must be known as such.
    """
    now = timezone.now()
    sessions_gone = BrowserSession.objects.filter(expire_date__lt=now).delete()[0]
    return sessions_gone + RefreshFamily.objects.filter(expires_at__lt=now).delete()[0]


def _revoked() -> dict[str, object]:
    return {"revoked_at": timezone.now(), "revoked_because": tokens.SIGNED_OUT}


def _record(action: str, user_id: uuid.UUID, context: dict[str, object]) -> None:
    audit.record_change(
        action=action, entity_type="user", entity_id=user_id, actor_id=user_id, context=context
    )
