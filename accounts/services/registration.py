"""New accounts."""

import uuid

from django.db import transaction

from accounts import validators
from accounts.models import User
from core.services import audit, ratelimit

# A registration costs a third of a second of one core: this is what one address may ask for.
REGISTRATIONS = ratelimit.Limit("register", attempts=20, seconds=3600, fails_closed=True)


def register_user(*, email: str, password: str, full_name: str = "", address: str) -> User:
    """Make a customer's account and return it; nobody is signed in by it.

    For an address that has an account already nothing changes, and what comes back looks the same
    (a user that was never stored): the same statements run and the password is hashed in both
    cases, so neither answer nor time tells a stranger who shops here. `address` is the client's,
    for the rate limit. Raises `Invalid`, `RateLimited`, `Unavailable`.
    """
    ratelimit.count_attempt(REGISTRATIONS, address)
    user = User(email=validators.normal_email(email), full_name=validators.normal_name(full_name))
    validators.check_new_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        owner_id = _store_unless_known(user)
        is_new = owner_id == user.pk
        audit.record_change(
            action="auth.registered" if is_new else "auth.registration_repeated",
            entity_type="user",
            entity_id=owner_id,
            actor_id=user.pk if is_new else None,
        )
    return user


def _store_unless_known(user: User) -> uuid.UUID | None:
    """Return whose the address is now; None if its account was deleted this very moment."""
    # One INSERT that may do nothing: two registrations at once cannot both see a free address.
    User.objects.bulk_create([user], ignore_conflicts=True)
    return User.objects.filter(email=user.email).values_list("pk", flat=True).first()
