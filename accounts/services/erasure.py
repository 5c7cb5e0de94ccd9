"""Deleting one's own account: at once, everywhere, for good."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import LastAdministrator, ProofTooOld
from accounts.models import OneTimeToken, User
from accounts.services import passwords
from core import locks, privacy
from core.errors import Invalid, NotFound
from core.retries import run_retrying
from core.roles import Role
from core.services import audit


def delete_account(*, user: User, password: str, has_fresh_proof: bool) -> None:
    """Delete `user` and whatever the shop knows of them; what the books need stays without them.

    Whoever has a password shows it; others, who sign in with Google, GitHub or a passkey, must
    have shown who they are lately: the door says whether. Every session and token is gone with
    the commit, and the address may be registered again, with nothing of before.

    One transaction. Locks what each app declared (the carts), every active administrator, the
    user. Raises `Invalid` without a password, `WrongPassword` (audited), `ProofTooOld`,
    `LastAdministrator`, what apps declared (`OrderOpen`), `RateLimited`, `Unavailable`, `Busy`, and
    `NotFound` for somebody who is gone already.
    """
    if user.has_usable_password():
        _check_password(user, password)
    elif not has_fresh_proof:
        raise ProofTooOld
    run_retrying(lambda: _erase(user.pk))


def _check_password(user: User, password: str) -> None:
    if not password:
        raise Invalid(fields={"password": [_("Enter your password.")]})
    passwords.check_current(user=user, password=password)


def _erase(user_id: uuid.UUID) -> None:
    with transaction.atomic():
        privacy.take_locks(user_id)
        user = _locked_user(user_id)
        privacy.check_nothing_is_under_way(user_id)
        privacy.erase_everything(user_id)
        # Whoever asked about this address before it had an account left it in rows without a user.
        OneTimeToken.objects.filter(user=None, email=user.email).delete()
        user.delete()
        audit.record_change(
            action="user.deleted", entity_type="user", entity_id=user_id, actor_id=user_id
        )


def _locked_user(user_id: uuid.UUID) -> User:
    # All administrators first: two who leave at once must not each count on the other.
    administrators = locks.lock_rows(User.objects.filter(role=Role.ADMIN, is_active=True))
    locked = locks.lock_rows(User.objects.filter(pk=user_id), for_key_update=True)
    if not locked:
        raise NotFound
    if [administrator.pk for administrator in administrators] == [user_id]:
        raise LastAdministrator
    return locked[0]
