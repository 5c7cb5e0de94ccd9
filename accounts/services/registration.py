"""New accounts."""

from django.db import transaction

from accounts import validators
from accounts.enums import Letter, TokenPurpose
from accounts.models import User
from accounts.services import letters, mailed_links, one_time_tokens, password_checks
from core.services import audit, ratelimit

# A registration costs a twentieth of a second of one core: this is what one address may ask for.
REGISTRATIONS = ratelimit.Limit("register", attempts=20, seconds=3600, fails_closed=True)


def register_user(*, email: str, password: str, full_name: str = "", address: str) -> User:
    """Make a customer's account and return it; nobody is signed in by it.

    A link to confirm the address is mailed. For an address that has an account already nothing
    changes, its owner gets a letter about it, and what comes back looks the same (a user that was
    never stored): the same statements run, a mail is enqueued and the password is hashed in both
    cases, so neither answer nor time tells a stranger who shops here. `address` is the client's,
    for the rate limit. Raises `Invalid`, `RateLimited`, `Unavailable`.
    """
    ratelimit.count_attempt(REGISTRATIONS, address)
    user = User(email=validators.normal_email(email), full_name=validators.normal_name(full_name))
    validators.check_new_password(password, user)
    may_mail = mailed_links.may_mail_to(user.email, TokenPurpose.VERIFY_EMAIL)
    password_checks.count_one()
    user.set_password(password)
    with transaction.atomic():
        owner = _store_unless_known(user)
        is_new = owner is not None and owner.pk == user.pk
        audit.record_change(
            action="auth.registered" if is_new else "auth.registration_repeated",
            entity_type="user",
            entity_id=owner.pk if owner else None,
            actor_id=user.pk if is_new else None,
        )
        _write_to(owner if may_mail else None, is_new=is_new)
    return user


def _store_unless_known(user: User) -> User | None:
    """Return whose the address is now; None if its account was deleted this very moment."""
    # One INSERT that may do nothing: two registrations at once cannot both see a free address.
    User.objects.bulk_create([user], ignore_conflicts=True)
    return User.objects.filter(email=user.email).first()


def _write_to(owner: User | None, *, is_new: bool) -> None:
    if is_new:
        mailed_links.post_link(TokenPurpose.VERIFY_EMAIL, user=owner)
        return
    notice = one_time_tokens.issue(
        TokenPurpose.NOTICE, user=owner, email=owner.email if owner else ""
    )
    letters.post(Letter.KNOWN_ADDRESS, user=owner, token=notice)
