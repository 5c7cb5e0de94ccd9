"""Moving an account to another e-mail address: asked for with the password, confirmed by link."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import validators
from accounts.enums import Letter, TokenPurpose
from accounts.errors import LinkInvalid, WrongPassword
from accounts.models import User
from accounts.services import (
    letters,
    mailed_links,
    one_time_tokens,
    passwords,
    tokens,
    verification,
)
from core import locks
from core.errors import Invalid
from core.services import audit, ratelimit

# Each request tells the old address of it.
REQUESTS = ratelimit.Limit("email-change", attempts=5, seconds=3600, fails_closed=True)

CHANGED = "e-mail address changed"


def ask_for_change(*, user: User, password: str, email: str) -> None:
    """Mail a link to the new address, and a notice to the old one; nothing changes yet.

    A request before this one is void. For an address that has an account nothing is mailed there,
    and neither answer, statements nor an export of one's data tell. Locks the user. Raises
    `WrongPassword`, `Invalid`, `RateLimited`, `Unavailable`, `Busy`.
    """
    ratelimit.count_attempt(REQUESTS, str(user.pk))
    email = validators.normal_email(email)
    if email == user.email:
        raise Invalid(fields={"email": [_("This is your address already.")]})
    passwords.check_current(user=user, password=password)
    may_mail = mailed_links.may_mail_to(email, TokenPurpose.CHANGE_EMAIL)
    with transaction.atomic():
        locked = locks.lock_row(User.objects.filter(pk=user.pk))
        if locked is None or locked.password != user.password:
            raise WrongPassword
        one_time_tokens.drop_all_of(locked, TokenPurpose.CHANGE_EMAIL)
        is_known = User.objects.filter(email=email).exists()
        _post_link(locked, email, is_sent=may_mail and not is_known)
        letters.post_to(locked.email, Letter.EMAIL_CHANGE_ASKED, user=locked)
        _record("auth.email_change_asked", locked)


def address_to_confirm(*, secret: str, user: User) -> str:
    """Return the address that a link would give to `user`, without spending it.

    Raises `LinkInvalid`, also for a link that somebody else asked for.
    """
    token = one_time_tokens.look_at(secret, TokenPurpose.CHANGE_EMAIL)
    if token.user_id != user.pk:
        raise LinkInvalid
    return token.email


def confirm_change(*, secret: str, user: User) -> User:
    """Give `user`, who is signed in, the address that a link was mailed to; return them.

    Only whoever asked may confirm: the owner of the new mailbox must not be talked into taking
    over an account whose password somebody else knows. Everything else of the user ends; the door
    signs its own browser in again. The old address gets a letter. Locks the user. Raises
    `LinkInvalid` (also when the address was taken meanwhile), `Busy`.
    """
    with transaction.atomic():
        changed, token = mailed_links.spend(secret, TokenPurpose.CHANGE_EMAIL)
        if changed.pk != user.pk:
            raise LinkInvalid
        old, was_verified = changed.email, changed.is_verified
        _store_address(changed, token.email)
        verification.take_possession(user=changed, keeps_password=True)
        tokens.end_all_of(user_id=changed.pk, because=CHANGED)
        one_time_tokens.drop_all_of(changed)
        changed.refresh_from_db()
        if was_verified:
            letters.post_to(old, Letter.EMAIL_CHANGED, user=changed)
        _record("auth.email_changed", changed)
    return changed


def _post_link(user: User, email: str, *, is_sent: bool) -> None:
    # The row is the same either way: whoever asked reads it in the export of their data, and would
    # learn from a decoy who has an account. A link that nobody is sent opens nothing.
    token = one_time_tokens.issue(TokenPurpose.CHANGE_EMAIL, user=user, email=email)
    letters.post(Letter.CONFIRM_NEW_EMAIL, user=user if is_sent else None, token=token)


def _store_address(user: User, email: str) -> None:
    # The constraint decides: a look beforehand would miss whoever registers this very moment.
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=email)
    except IntegrityError:
        raise LinkInvalid from None


def _record(action: str, user: User) -> None:
    audit.record_change(action=action, entity_type="user", entity_id=user.pk, actor_id=user.pk)
