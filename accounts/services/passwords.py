"""Passwords in the hands of their owners: changed, or forgotten and chosen anew."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import validators
from accounts.enums import Letter, Proof, TokenPurpose
from accounts.errors import LinkInvalid, WrongPassword
from accounts.models import User
from accounts.services import (
    letters,
    mailed_links,
    one_time_tokens,
    password_checks,
    sign_in,
    tokens,
    verification,
)
from core import locks
from core.errors import Invalid
from core.services import audit, ratelimit

# Whoever found a browser signed in must not find out the password by trying, nor fill the
# owner's mailbox with notices.
PROOFS_AGAIN = ratelimit.Limit("proof-again", attempts=10, seconds=300, fails_closed=True)
CHANGES = ratelimit.Limit("password-change", attempts=10, seconds=3600, fails_closed=True)
CONFIRMATIONS = ratelimit.Limit("password-reset", attempts=20, seconds=3600, fails_closed=True)

CHANGED = "password changed"


def check_current(*, user: User, password: str) -> None:
    """Make sure that whoever is signed in as `user` knows the password.

    Must run outside a transaction: a wrong password leaves an audit row. Raises `WrongPassword`
    (also for accounts without one), `RateLimited`, `Unavailable`.
    """
    ratelimit.count_attempt(PROOFS_AGAIN, str(user.pk))
    password_checks.count_one(is_known=True)
    if not user.check_password(password):
        audit.record_change(
            action="auth.confirmation_failed",
            entity_type="user",
            entity_id=user.pk,
            actor_id=user.pk,
            context={"proof": Proof.PASSWORD.value},
        )
        raise WrongPassword


def confirm_address(*, secret: str, password: str) -> User:
    """Confirm the address of a mailed link for a browser that is not signed in; return its user.

    Only for whoever knows the password: somebody else may have registered with this address, and
    its owner must not vouch for a password that is not theirs. A wrong one does not spend the link.
    Raises as `check_current` and `verification.verify_email`.
    """
    token = one_time_tokens.look_at(secret, TokenPurpose.VERIFY_EMAIL)
    if token.user is None:
        raise LinkInvalid
    check_current(user=token.user, password=password)
    return verification.verify_email(secret=secret)


def change_password(*, user: User, current_password: str, new_password: str) -> User:
    """Give `user` another password and return them; everything else of theirs ends.

    Sessions, refresh families, access tokens and pending links die at once; the door signs its own
    client in again. The owner gets a letter. Locks the user. Raises `WrongPassword` (also when
    another change was quicker), `Invalid`, `RateLimited`, `Unavailable`, `Busy`.
    """
    ratelimit.count_attempt(CHANGES, str(user.pk))
    check_current(user=user, password=current_password)
    hashed = _hashed(new_password, user, is_known=True)
    with transaction.atomic():
        locked = locks.lock_row(User.objects.filter(pk=user.pk))
        if locked is None or locked.password != user.password:
            raise WrongPassword
        _store(locked, hashed, action="auth.password_changed")
    return locked


def exchange_change(
    *, user: User, current_password: str, new_password: str, device: str
) -> tokens.TokenPair:
    """Change the password and return a pair of a new family; raises as `change_password`."""
    changed = change_password(
        user=user, current_password=current_password, new_password=new_password
    )
    return tokens.issue_pair(user=changed, device=device)


def ask_for_reset(*, email: str, address: str) -> None:
    """Mail the owner of an address a link to choose a new password (`mailed_links.ask_for`)."""
    mailed_links.ask_for(TokenPurpose.RESET_PASSWORD, email=email, address=address)


def reset_password(*, secret: str, new_password: str, address: str) -> User:
    """Give the user of a mailed link a new password; return them.

    Everything of theirs ends, as by `change_password`, and their address counts as confirmed. Of
    many calls at once one succeeds. A password that is refused does not spend the link. An owner
    whom guessers locked out gets in again at once. Locks the user. `address` is the client's, for
    the rate limit. Raises `LinkInvalid`, `Invalid`, `RateLimited`, `Unavailable`, `Busy`.
    """
    ratelimit.count_attempt(CONFIRMATIONS, address)
    found = one_time_tokens.look_at(secret, TokenPurpose.RESET_PASSWORD)
    if found.user is None:
        raise LinkInvalid
    hashed = _hashed(new_password, found.user, is_known=False)
    with transaction.atomic():
        user, _token = mailed_links.spend(secret, TokenPurpose.RESET_PASSWORD)
        verification.take_possession(user=user, keeps_password=False)
        _store(user, hashed, action="auth.password_reset")
    ratelimit.forget_attempts(sign_in.BY_ACCOUNT, user.email)
    return user


def _hashed(password: str, user: User, *, is_known: bool) -> str:
    # Before the transaction: hashing takes a twentieth of a second, which is long for a lock.
    try:
        validators.check_new_password(password, user)
    except Invalid as refusal:
        raise Invalid(fields={"new_password": refusal.data["fields"]["password"]}) from None
    password_checks.count_one(is_known=is_known)
    return make_password(password)


def _store(user: User, hashed: str, *, action: str) -> None:
    User.objects.filter(pk=user.pk).update(password=hashed)
    tokens.end_all_of(user_id=user.pk, because=CHANGED)
    one_time_tokens.drop_all_of(user)
    user.refresh_from_db()
    audit.record_change(action=action, entity_type="user", entity_id=user.pk, actor_id=user.pk)
    letters.post(Letter.PASSWORD_CHANGED, user=user)
