"""Passwords for sessions and tokens."""

from django.contrib import auth

from accounts.errors import InvalidCredentials
from accounts.models import User
from accounts.services import tokens
from core.services import audit, ratelimit

# An Argon2 check keeps a core busy for 0.28 s: what one address may cost is at most a twentieth of
# it, and an account is guessed at no faster than 2,880 times a day.
BY_ADDRESS = ratelimit.Limit("login", attempts=10, seconds=60, fails_closed=True)
BY_ACCOUNT = ratelimit.Limit("login-account", attempts=10, seconds=300, fails_closed=True)


def check_credentials(*, email: str, password: str, address: str) -> User:
    """Return the active user with this e-mail address and password, for a door to sign in.

    An unknown address costs the same hashing and the same statements as a wrong password. Every
    outcome is audited. `address` is the client's, for the rate limit, which counts successes too.
    Raises `InvalidCredentials`, `RateLimited`, `Unavailable`.
    """
    email = email.strip().lower()
    ratelimit.count_attempt(BY_ADDRESS, address)
    ratelimit.count_attempt(BY_ACCOUNT, email)
    user = auth.authenticate(request=None, username=email, password=password)
    if not isinstance(user, User):
        _record_failure(email)
        raise InvalidCredentials
    audit.record_change(
        action="auth.login_succeeded", entity_type="user", entity_id=user.pk, actor_id=user.pk
    )
    return user


def exchange_password(*, email: str, password: str, address: str) -> tokens.TokenPair:
    """Sign in to the API: return a token pair of a new family. Raises as `check_credentials`."""
    user = check_credentials(email=email, password=password, address=address)
    return tokens.issue_pair(user=user)


def _record_failure(email: str) -> None:
    known_id = User.objects.filter(email=email).values_list("pk", flat=True).first()
    audit.record_change(
        action="auth.login_failed",
        entity_type="user",
        entity_id=known_id or "unknown",
        actor_id=None,
    )
