"""Every way in ends here: a password is checked, then whoever proved themselves is admitted.

The doors differ only in what they hand out afterwards: a session, or a token pair.
"""

from django.conf import settings
from django.contrib import auth
from django.db import transaction

from accounts.enums import Letter, Proof, TokenPurpose
from accounts.errors import InvalidCredentials, SecondFactorRequired
from accounts.models import User
from accounts.services import (
    known_devices,
    letters,
    mailed_links,
    one_time_tokens,
    password_checks,
    tokens,
)
from core.errors import RateLimited
from core.services import audit, mailing, ratelimit

# Checking a password keeps a core busy for 0.05 s: what one address may cost is less than a
# hundredth of it, and strangers guess at an account no faster than 2,880 times a day.
BY_ADDRESS = ratelimit.Limit("login", attempts=10, seconds=60, fails_closed=True)
BY_ACCOUNT = ratelimit.Limit(
    "login-account", attempts=10, seconds=300, fails_closed=True, is_shared=True
)
BY_DEVICE = ratelimit.Limit("login-device", attempts=10, seconds=300, fails_closed=True)
# Each sign-in makes another known browser: somebody with a few accounts of their own must not, by
# having many, use up the passwords that the whole shop checks for people it knows.
BY_DEVICES_ADDRESS = ratelimit.Limit(
    "login-devices-address", attempts=30, seconds=60, fails_closed=True
)
LETTERS = ratelimit.Limit("sign-in-blocked-letter", attempts=1, seconds=3600, is_shared=True)


def check_credentials(*, email: str, password: str, address: str, device_proofs: str = "") -> User:
    """Return the active user with this e-mail address and password, admitted.

    An unknown address costs the same hashing and the same statements as a wrong password. Every
    outcome is audited. `address` is the client's, for the rate limit, which counts successes too;
    `device_proofs` is what a browser that signed in before shows (`known_devices`): it is counted
    by itself, so that strangers cannot lock it out. The first attempt beyond an account's limit is
    audited and, at most once an hour, its owner gets a letter.
    Raises as `admit`, and `RateLimited`, `Unavailable`.
    """
    email = email.strip().lower()
    device = known_devices.number_of(device_proofs, email=email)
    _count_attempt(email=email, address=address, device=device)
    password_checks.count_one(is_known=bool(device))
    user = auth.authenticate(request=None, username=email, password=password)
    if not isinstance(user, User):
        _record_failure(email)
        raise InvalidCredentials
    return admit(user=user, proof=Proof.PASSWORD)


def admit(*, user: User, proof: Proof) -> User:
    """Return `user`, who showed `proof`, if nothing more is needed; every way in ends here.

    Raises `InvalidCredentials` while the shop asks for a verified address that the user lacks
    (the same answer as for a wrong password: anything else would tell who is registered), and
    `SecondFactorRequired` with a `challenge` for users with a second factor. A passkey is both
    factors. Success leaves an audit row.
    """
    if settings.SIGN_IN_NEEDS_VERIFIED_EMAIL and not user.is_verified:
        _record_failure(user.email)
        raise InvalidCredentials
    if user.second_factor_at is not None and proof is not Proof.PASSKEY:
        challenge = one_time_tokens.issue(
            TokenPurpose.SECOND_FACTOR, user=user, context={"proof": proof.value}
        )
        raise SecondFactorRequired(challenge=one_time_tokens.secret_of(challenge))
    record_success(user=user, proof=proof)
    return user


def record_success(*, user: User, proof: Proof) -> None:
    """Leave the audit row of a sign-in that is complete."""
    audit.record_change(
        action="auth.login_succeeded",
        entity_type="user",
        entity_id=user.pk,
        actor_id=user.pk,
        context={"proof": proof.value},
    )


def exchange_password(
    *, email: str, password: str, address: str, device: str = ""
) -> tokens.TokenPair:
    """Sign in to the API: return a token pair of a new family. Raises as `check_credentials`."""
    user = check_credentials(email=email, password=password, address=address)
    return tokens.issue_pair(user=user, device=device)


def record_sign_out(*, user: User) -> None:
    """Leave the audit row of a browser that is about to sign out."""
    audit.record_change(
        action="auth.logged_out", entity_type="user", entity_id=user.pk, actor_id=user.pk
    )


def _count_attempt(*, email: str, address: str, device: str) -> None:
    ratelimit.count_attempt(BY_DEVICES_ADDRESS if device else BY_ADDRESS, address)
    try:
        if device:
            ratelimit.count_attempt(BY_DEVICE, device)
        else:
            ratelimit.count_attempt(BY_ACCOUNT, email)
    except RateLimited as error:
        if error.is_first:
            _record_lock_out(email, is_known_device=bool(device))
        raise


def _record_lock_out(email: str, *, is_known_device: bool) -> None:
    # The same row, job and statements for an address that nobody has.
    user = User.objects.filter(email=email).first()
    # Guessing at a password must not fill the mailbox either: it counts among strangers' mails.
    writes = ratelimit.is_allowed(LETTERS, email) and mailing.take_place(
        email, most=mailed_links.MOST_AN_HOUR - 1
    )
    with transaction.atomic():
        audit.record_change(
            action="auth.locked_out",
            entity_type="user",
            entity_id=user.pk if user else "unknown",
            actor_id=None,
            context={"device": "known" if is_known_device else "strangers"},
        )
        if writes:
            letters.post(Letter.SIGN_IN_BLOCKED, user=user)


def _record_failure(email: str) -> None:
    known_id = User.objects.filter(email=email).values_list("pk", flat=True).first()
    audit.record_change(
        action="auth.login_failed",
        entity_type="user",
        entity_id=known_id or "unknown",
        actor_id=None,
    )
