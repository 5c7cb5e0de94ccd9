"""Showing once more who one is, while signed in, before something that matters."""

from accounts.errors import PasskeyNotAccepted, WrongPassword
from accounts.models import User
from accounts.services import passkeys, password_checks, sign_in
from core.services import audit, ratelimit

# Only sessions of the account count here: no stranger can use it up.
BY_ACCOUNT = ratelimit.Limit("confirm", attempts=10, seconds=300, fails_closed=True)


def check_password(*, user: User, password: str, address: str) -> None:
    """Check the password of somebody who is signed in.

    Counts on the limit of the client's `address` and on one of the account that only its own
    sessions can reach. Both outcomes are audited. Raises `WrongPassword`, `RateLimited`,
    `Unavailable`.
    """
    _count(user, address)
    password_checks.count_one(is_known=True)
    if not user.check_password(password):
        _record("auth.confirmation_failed", user, "password")
        raise WrongPassword
    _record("auth.confirmed", user, "password")


def check_passkey(
    *, user: User, origin: str, state: dict[str, str], answer: str, address: str
) -> None:
    """Check a passkey of somebody who is signed in; limits and audit as `check_password`.

    Locks the passkey. Raises `PasskeyNotAccepted`, `RateLimited`, `Unavailable`.
    """
    _count(user, address)
    if not passkeys.check_own(user=user, origin=origin, state=state, answer=answer):
        _record("auth.confirmation_failed", user, "passkey")
        raise PasskeyNotAccepted
    _record("auth.confirmed", user, "passkey")


def _count(user: User, address: str) -> None:
    ratelimit.count_attempt(sign_in.BY_ADDRESS, address)
    ratelimit.count_attempt(BY_ACCOUNT, str(user.pk))


def _record(action: str, user: User, proof: str) -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user.pk,
        actor_id=user.pk,
        context={"proof": proof},
    )
