"""Second factors as their owners keep them: added, removed, renewed; and reset when all is lost.

The rows are allauth's `Authenticator`s, one for the app, one for the recovery codes, one for each
passkey. Every change locks the user first, so that two at once see each other.
"""

import uuid
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Letter, TokenPurpose
from accounts.errors import EmailNotVerified, OwnSecondFactor, SecondFactorNeeded
from accounts.gateways import recovery_codes, totp
from accounts.gateways.mfa import SecretUnreadable
from accounts.models import User
from accounts.selectors.second_factor import PASSKEY, RECOVERY_CODES, TOTP
from accounts.services import letters, one_time_tokens, tokens, users
from core import locks
from core.errors import Conflict, Invalid, NotFound
from core.services import audit

_ADDED = "second factor added"
_RESET = "second factor reset"


@dataclass(frozen=True)
class AppSetUp:
    """A secret that waits for its first code: sealed for keeping, and as an app takes it in."""

    sealed: str
    picture: totp.Picture


def begin_app(*, user: User, sealed: str = "") -> AppSetUp:
    """Return a new secret for an authenticator app, or the one begun before; nothing is stored."""
    try:
        return AppSetUp(sealed=sealed, picture=totp.picture_of(sealed, user))
    except SecretUnreadable:  # nothing was begun, or with a key that is gone
        sealed = totp.new_secret()
        return AppSetUp(sealed=sealed, picture=totp.picture_of(sealed, user))


def confirm_app(*, user_id: uuid.UUID, sealed: str, code: str) -> User:
    """Store an authenticator app that showed a right code, and return the user.

    The first factor brings ten recovery codes and ends every session and token of the user; the
    door keeps its own session. Locks the user. Raises `Invalid` for a wrong code, `Conflict` when
    there is an app already, and `EmailNotVerified`. After the commit the user gets a letter.
    """
    counters = totp.counters_of(sealed, code)
    if not counters:
        raise Invalid(fields={"code": [_("This code is not right. Enter the one shown now.")]})
    with transaction.atomic():
        user = locked_user(user_id)
        if Authenticator.objects.filter(user=user, type=TOTP).exists():
            raise Conflict
        # The code that proved the app is used up with it.
        Authenticator.objects.create(
            user=user, type=TOTP, data={"secret": sealed, "last_counter": counters[-1]}
        )
        note_added(user, TOTP)
    return user


def remove_app(*, user_id: uuid.UUID) -> User:
    """Remove the authenticator app and return the user.

    Locks the user. Raises `NotFound`, and `SecondFactorNeeded` as `remove`.
    """
    with transaction.atomic():
        user = locked_user(user_id)
        remove(user, Authenticator.objects.filter(user=user, type=TOTP).first())
    return user


def renew_recovery_codes(*, user_id: uuid.UUID) -> None:
    """Make ten new recovery codes; the old ones are worthless at once.

    Locks the user. Raises `NotFound` while no factor is set up that they could stand in for.
    """
    with transaction.atomic():
        user = locked_user(user_id)
        if user.second_factor_at is None:
            raise NotFound
        _replace_recovery_codes(user)
        _record("auth.recovery_codes_renewed", user, actor_id=user.pk)
        letters.post(Letter.SECOND_FACTOR_CHANGED, user=user)


def reset(*, user_id: uuid.UUID, actor_id: uuid.UUID | None) -> User:
    """Remove every factor of somebody who lost theirs; all their sessions and tokens end.

    Locks and raises as `users.locked_by_staff`, and raises `OwnSecondFactor` for one's own: a
    stolen session could take it off without any proof. After the commit the user gets a letter.
    """
    if user_id == actor_id:
        raise OwnSecondFactor
    with transaction.atomic():
        user = users.locked_by_staff(user_id, actor_id)
        if user.second_factor_at is None:
            raise NotFound
        _forget_all(user)
        tokens.end_all_of(user_id=user.pk, because=_RESET)
        _record("auth.second_factor_reset", user, actor_id=actor_id)
        letters.post(Letter.SECOND_FACTOR_CHANGED, user=user)
    return user


def locked_user(user_id: uuid.UUID) -> User:
    """Lock and return the active user; raise `NotFound`."""
    user = locks.lock_row(User.objects.filter(pk=user_id, is_active=True))
    if user is None:
        raise NotFound
    return user


def note_added(user: User, kind: str) -> None:
    """Do what follows a new factor (see `confirm_app`) for a locked `user`.

    Raises `EmailNotVerified`: the first proof of the mailbox takes away whatever was set up before
    (`verification.take_possession`), so the factor would be gone once its owner confirms, and
    whoever reads their mail would get past it.
    """
    if not user.is_verified:
        raise EmailNotVerified
    if user.second_factor_at is None:
        user.second_factor_at = timezone.now()
        user.save(update_fields=["second_factor_at"])
        _replace_recovery_codes(user)
        tokens.end_all_of(user_id=user.pk, because=_ADDED)
        user.refresh_from_db(fields=["token_version"])
    _record("auth.second_factor_added", user, actor_id=user.pk, kind=kind)
    letters.post(Letter.SECOND_FACTOR_CHANGED, user=user)


def remove(user: User, factor: Authenticator | None) -> None:
    """Remove a factor of a locked `user`; with the last one the recovery codes go too.

    Raises `NotFound` without one, and `SecondFactorNeeded` for the last one of staff who must have
    one. After the commit the user gets a letter.
    """
    if factor is None:
        raise NotFound
    others = Authenticator.objects.filter(user=user, type__in=[TOTP, PASSKEY]).exclude(pk=factor.pk)
    is_last = not others.exists()
    if is_last and user.needs_second_factor:
        raise SecondFactorNeeded
    factor.delete()
    if is_last:
        _forget_all(user)
    _record("auth.second_factor_removed", user, actor_id=user.pk, kind=factor.type)
    letters.post(Letter.SECOND_FACTOR_CHANGED, user=user)


def _replace_recovery_codes(user: User) -> None:
    Authenticator.objects.filter(user=user, type=RECOVERY_CODES).delete()
    Authenticator.objects.create(user=user, type=RECOVERY_CODES, data=recovery_codes.new_data())


def _forget_all(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    user.second_factor_at = None
    user.save(update_fields=["second_factor_at"])
    one_time_tokens.drop_all_of(user, TokenPurpose.SECOND_FACTOR)


def _record(action: str, user: User, *, actor_id: uuid.UUID | None, kind: str = "") -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user.pk,
        actor_id=actor_id,
        context={"kind": str(kind)} if kind else None,
    )
