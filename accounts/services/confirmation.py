"""Showing once more who one is, while signed in, before something that matters."""

from accounts.enums import Proof
from accounts.errors import PasskeyNotAccepted
from accounts.models import User
from accounts.services import passkeys, passwords, sign_in
from core.services import audit, ratelimit


def check_password(*, user: User, password: str, address: str) -> None:
    """Check the password of somebody who is signed in.

    Counts on the limit of the client's `address` and on one of the account that only its own
    sessions can reach. Both outcomes are audited. Raises as `passwords.check_current`.
    """
    ratelimit.count_attempt(sign_in.BY_ADDRESS, address)
    passwords.check_current(user=user, password=password)
    _record("auth.confirmed", user, Proof.PASSWORD)


def check_passkey(
    *, user: User, origin: str, state: dict[str, str], answer: str, address: str
) -> None:
    """Check a passkey of somebody who is signed in; limits and audit as `check_password`.

    Locks the passkey. Raises `PasskeyNotAccepted`, `RateLimited`, `Unavailable`.
    """
    ratelimit.count_attempt(sign_in.BY_ADDRESS, address)
    ratelimit.count_attempt(passwords.PROOFS_AGAIN, str(user.pk))
    if not passkeys.check_own(user=user, origin=origin, state=state, answer=answer):
        _record("auth.confirmation_failed", user, Proof.PASSKEY)
        raise PasskeyNotAccepted
    _record("auth.confirmed", user, Proof.PASSKEY)


def _record(action: str, user: User, proof: Proof) -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user.pk,
        actor_id=user.pk,
        context={"proof": proof.value},
    )
