"""allauth's engine for recovery codes: ten numbers of eight digits that come from one seed."""

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils import timezone

from accounts.gateways.mfa import reseal, seal


def new_data() -> dict[str, object]:
    """Return what a row with ten unused codes holds."""
    return {"seed": seal(RecoveryCodes.generate_seed()), "used_mask": 0}


def unused_codes(authenticator: Authenticator) -> list[str]:
    """Return the codes that still work, as "1234 5678"; raise `SecretUnreadable`."""
    return [f"{code[:4]} {code[4:]}" for code in RecoveryCodes(authenticator).get_unused_codes()]


def count_unused(authenticator: Authenticator) -> int:
    """Return how many still work, without unsealing any."""
    return app_settings.RECOVERY_CODE_COUNT - int(authenticator.data["used_mask"]).bit_count()


def use(authenticator: Authenticator, code: str) -> bool:
    """Use a code up and store that, the seed sealed anew; the caller holds the row's lock.

    Raises `SecretUnreadable`.
    """
    codes = RecoveryCodes(authenticator)
    if not codes.validate_code(code):
        return False
    codes.instance.data["seed"] = reseal(codes.instance.data["seed"])
    codes.instance.last_used_at = timezone.now()
    codes.instance.save(update_fields=["data", "last_used_at"])
    return True
