"""What all mailed links share: who may ask for one how often, and how one is spent.

Whoever asks about an address gets the same answer, at the cost of the same statements and the same
job, whether it has an account or not. A mailbox gets at most `MOST_AN_HOUR` mails an hour that
strangers asked for; the last of them is kept for a new password, so that nobody can keep an owner
out by using up their mails.
"""

from django.db import transaction

from accounts import validators
from accounts.enums import Letter, TokenPurpose
from accounts.errors import LinkInvalid
from accounts.models import OneTimeToken, User
from accounts.services import letters, one_time_tokens
from core import locks
from core.services import audit, mailing, ratelimit

REQUESTS = ratelimit.Limit("mailed-link", attempts=20, seconds=3600, fails_closed=True)
MOST_AN_HOUR = 3

_LETTERS = {
    TokenPurpose.VERIFY_EMAIL: Letter.VERIFY_EMAIL,
    TokenPurpose.RESET_PASSWORD: Letter.RESET_PASSWORD,
    TokenPurpose.SIGN_IN_LINK: Letter.SIGN_IN_LINK,
}


def ask_for(purpose: TokenPurpose, *, email: str, address: str) -> None:
    """Mail a link to the account of `email`, if there is one that it is good for.

    `address` is the client's, for the rate limit. Raises `Invalid` for what is no address,
    `RateLimited`, `Unavailable`. Nothing else tells what was found.
    """
    ratelimit.count_attempt(REQUESTS, address)
    email = validators.normal_email(email)
    may_mail = may_mail_to(email, purpose)
    with transaction.atomic():
        owner = User.objects.filter(email=email).first()
        audit.record_change(
            action="auth.link_asked",
            entity_type="user",
            entity_id=owner.pk if owner else "unknown",
            actor_id=None,
            context={"purpose": purpose.value},
        )
        post_link(purpose, user=owner if may_mail and _is_good_for(owner, purpose) else None)


def post_link(purpose: TokenPurpose, *, user: User | None) -> None:
    """Issue a token and mail its link to `user`; without one, a decoy. Joins the transaction."""
    token = one_time_tokens.issue(purpose, user=user, email=user.email if user else "")
    letters.post(_LETTERS[purpose], user=user, token=token)


def may_mail_to(mailbox: str, purpose: TokenPurpose) -> bool:
    """Take one of the mailbox's mails of this hour; False when there are none left for `purpose`.

    Raises `Unavailable` while nothing can be counted.
    """
    kept_back = 0 if purpose == TokenPurpose.RESET_PASSWORD else 1
    return mailing.take_place(mailbox, most=MOST_AN_HOUR - kept_back)


def spend(secret: str, purpose: TokenPurpose) -> tuple[User, OneTimeToken]:
    """Lock the user of a mailed token, spend it, return the user as under the lock and the token.

    In this order, so that two tokens of one user spent at once cannot meet in a deadlock. Joins
    the caller's transaction: rolled back, the token lives on. Raises `LinkInvalid`, also when the
    account has another address by now (unless the token is about changing it), and `Busy`.
    """
    found = one_time_tokens.look_at(secret, purpose)
    user = locks.lock_row(User.objects.filter(one_time_tokens=found.pk))
    if user is None:
        raise LinkInvalid
    token = one_time_tokens.spend(secret, purpose)
    if purpose != TokenPurpose.CHANGE_EMAIL and token.email != user.email:
        raise LinkInvalid
    return user, token


def _is_good_for(owner: User | None, purpose: TokenPurpose) -> bool:
    if owner is None or not owner.is_active:
        return False
    return purpose != TokenPurpose.VERIFY_EMAIL or not owner.is_verified
