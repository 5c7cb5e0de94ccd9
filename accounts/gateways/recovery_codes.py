"""allauth's engine for recovery codes: ten numbers of eight digits that come from one seed."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from accounts.gateways.mfa import seal


def new_data() -> dict[str, object]:
    """Return what a row with ten unused codes holds."""
    return {"seed": seal(RecoveryCodes.generate_seed()), "used_mask": 0}


def unused_codes(authenticator: Authenticator) -> list[str]:
    """Return the codes that still work, as "1234 5678"; raise `SecretUnreadable`."""
    return [f"{code[:4]} {code[4:]}" for code in RecoveryCodes(authenticator).get_unused_codes()]


def count_unused(authenticator: Authenticator) -> int:
    """Return how many still work, without unsealing any."""
    return 10 - int(authenticator.data["used_mask"]).bit_count()


def use(authenticator: Authenticator, code: str) -> bool:
    """Use a code up and store that; the caller holds the row's lock. Raises `SecretUnreadable`."""
    return bool(RecoveryCodes(authenticator).validate_code(code))
