"""What somebody has set up beside their password."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from accounts.gateways import recovery_codes
from accounts.models import User
from core.errors import NotFound

TOTP = Authenticator.Type.TOTP
PASSKEY = Authenticator.Type.WEBAUTHN
RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True)
class Overview:
    """The authenticator app, the passkeys, and how many recovery codes are left."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int

    @property
    def is_on(self) -> bool:
        """Whether a sign-in asks for more than a password; recovery codes alone do not count."""
        return self.app is not None or bool(self.passkeys)


def overview(user: User) -> Overview:
    """Return what `user` has set up, in one query; passkeys in the order they were added."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = next((row for row in rows if row.type == RECOVERY_CODES), None)
    return Overview(
        app=next((row for row in rows if row.type == TOTP), None),
        passkeys=[row for row in rows if row.type == PASSKEY],
        codes_left=recovery_codes.count_unused(codes) if codes else 0,
    )


def passkey_of(user: User, passkey_id: int) -> Authenticator:
    """Return one of the user's passkeys; raise `NotFound` for anybody else's."""
    found = Authenticator.objects.filter(user=user, type=PASSKEY, pk=passkey_id).first()
    if found is None:
        raise NotFound
    return found


def unused_recovery_codes(user: User) -> list[str]:
    """Return the recovery codes that still work, none when there are none."""
    row = Authenticator.objects.filter(user=user, type=RECOVERY_CODES).first()
    return recovery_codes.unused_codes(row) if row else []
