"""Passkeys: added with a name, renamed, removed; and the signatures by which they prove somebody.

A passkey signs in without a password and answers for one as a second factor. The question that it
signs is remembered by the browser's session and good for one answer.
"""

import uuid

import structlog
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Proof
from accounts.errors import PasskeyNotAccepted, TooManyPasskeys
from accounts.gateways import passkeys as gateway
from accounts.models import User
from accounts.selectors.second_factor import PASSKEY
from accounts.services import second_factor, sign_in
from core import locks
from core.errors import Invalid, NotFound
from core.services import audit, ratelimit

LONGEST_NAME = 50
MOST = 20
BY_ADDRESS = ratelimit.Limit("passkey", attempts=20, seconds=60, fails_closed=True)
# A question costs a row of sessions: browsers ask one whenever they show the sign-in page.
QUESTIONS = ratelimit.Limit("passkey-question", attempts=60, seconds=60)

log = structlog.get_logger("passkeys")


def ask_for_new(*, user: User, origin: str) -> gateway.Question:
    """Return what the browser is to be asked to make a passkey for `user` at `origin`."""
    return gateway.ask_for_new(
        origin=origin, user_id=user.pk.bytes, name=user.email, known=_credentials(user)
    )


def ask_anybody(*, origin: str, address: str) -> gateway.Question:
    """Return the question for a sign-in without a name: any passkey of this site, unlocked.

    `address` is the client's, for the rate limit. Raises `RateLimited`.
    """
    ratelimit.count_attempt(QUESTIONS, address)
    return gateway.ask_for_known(origin=origin, known=None, must_be_unlocked=True)


def ask_user(*, user: User, origin: str, is_only_proof: bool) -> gateway.Question:
    """Return the question for one of the user's own passkeys."""
    return gateway.ask_for_known(
        origin=origin, known=_credentials(user), must_be_unlocked=is_only_proof
    )


def add(*, user_id: uuid.UUID, name: str, origin: str, state: dict[str, str], answer: str) -> User:
    """Store the passkey that a browser made and return the user.

    The first factor has consequences: see `second_factor.confirm_app`. Locks the user. Raises
    `Invalid` for a name, `PasskeyNotAccepted`, `TooManyPasskeys`, `EmailNotVerified`.
    """
    name = _checked_name(name)
    try:
        credential, credential_id, uses = gateway.read_new(
            origin=origin, state=state, answer=answer
        )
    except gateway.NotAccepted:
        raise PasskeyNotAccepted from None
    with transaction.atomic():
        user = second_factor.locked_user(user_id)
        if Authenticator.objects.filter(user=user, type=PASSKEY).count() >= MOST:
            raise TooManyPasskeys
        Authenticator.objects.create(
            user=user,
            type=PASSKEY,
            data={
                "name": name,
                "credential": credential,
                "credential_id": credential_id,
                "uses": uses,
            },
        )
        second_factor.note_added(user, PASSKEY)
    return user


def rename(*, user_id: uuid.UUID, passkey_id: int, name: str) -> None:
    """Give a passkey another name. Locks it. Raises `Invalid`, `NotFound`."""
    name = _checked_name(name)
    with transaction.atomic():
        row = locks.lock_row(_own(user_id).filter(pk=passkey_id))
        if row is None:
            raise NotFound
        row.data["name"] = name
        row.save(update_fields=["data"])
        audit.record_change(
            action="auth.passkey_renamed", entity_type="user", entity_id=user_id, actor_id=user_id
        )


def remove(*, user_id: uuid.UUID, passkey_id: int) -> User:
    """Remove a passkey and return the user. Locks the user. Raises as `second_factor.remove`."""
    with transaction.atomic():
        user = second_factor.locked_user(user_id)
        second_factor.remove(user, _own(user_id).filter(pk=passkey_id).first())
    return user


def check_sign_in(*, origin: str, state: dict[str, str], answer: str, address: str) -> User:
    """Return the active user whose passkey signed, admitted; it is both factors in one.

    Failures are audited. `address` is the client's, for the rate limit. Locks the passkey. Raises
    `PasskeyNotAccepted`, `RateLimited`, `Unavailable`, and as `sign_in.admit`.
    """
    ratelimit.count_attempt(BY_ADDRESS, address)
    user = None
    try:
        claimed = gateway.read_answer(answer)
        user = _owner_of(claimed)
        check_claim(user=user, claimed=claimed, origin=origin, state=state)
    except gateway.NotAccepted:
        _record_failure(user)
        raise PasskeyNotAccepted from None
    return sign_in.admit(user=user, proof=Proof.PASSKEY)


def check_own(*, user: User, origin: str, state: dict[str, str], answer: str) -> bool:
    """Whether one of the user's own passkeys signed the answer. Locks the passkey."""
    try:
        claimed = gateway.read_answer(answer)
        check_claim(user=user, claimed=claimed, origin=origin, state=state)
    except gateway.NotAccepted:
        return False
    return True


def check_claim(*, user: User, claimed: gateway.Answer, origin: str, state: dict[str, str]) -> None:
    """Raise `gateway.NotAccepted` unless a passkey of `user` signed; note its use. Locks it.

    A key that counts its uses and shows no higher count than last time has a copy somewhere.
    """
    with transaction.atomic():
        row = locks.lock_row(_own(user.pk).filter(data__credential_id=claimed.credential_id))
        if row is None:
            raise gateway.NotAccepted
        uses = gateway.check_answer(
            origin=origin, state=state, answer=claimed, credential=row.data["credential"]
        )
        known = row.data["uses"]
        if (uses or known) and uses <= known:
            log.warning("passkey counted backwards", user=str(user.pk), passkey=row.pk)
            raise gateway.NotAccepted
        row.data["uses"] = uses
        row.last_used_at = timezone.now()
        row.save(update_fields=["data", "last_used_at"])


def _owner_of(claimed: gateway.Answer) -> User:
    try:
        user_id = uuid.UUID(bytes=claimed.user_handle)
    except ValueError:
        raise gateway.NotAccepted from None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise gateway.NotAccepted
    return user


def _own(user_id: uuid.UUID) -> "QuerySet[Authenticator]":
    return Authenticator.objects.filter(user_id=user_id, type=PASSKEY)


def _credentials(user: User) -> list[dict[str, object]]:
    return [row.data["credential"] for row in _own(user.pk).order_by("pk")]


def _checked_name(raw: str) -> str:
    name = " ".join(raw.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            fields={"name": [_("Give it a name of at most {0} characters.").format(LONGEST_NAME)]}
        )
    return name


def _record_failure(user: User | None) -> None:
    audit.record_change(
        action="auth.login_failed",
        entity_type="user",
        entity_id=user.pk if user else "unknown",
        actor_id=None,
        context={"proof": Proof.PASSKEY.value},
    )
