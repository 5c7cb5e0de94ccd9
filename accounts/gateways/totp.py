"""allauth's engine for the codes of authenticator apps (RFC 6238: six digits, thirty seconds)."""

import base64
from dataclasses import dataclass

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa.totp.internal import auth as engine
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.gateways.mfa import ShopAdapter, seal, unseal

DIGITS = 6


@dataclass(frozen=True)
class Picture:
    """What an app has to be told: a QR code as a data URI, or the secret in groups of four."""

    uri: str
    secret: str


def new_secret() -> str:
    """Return a new secret, sealed."""
    return seal(engine.generate_totp_secret())


def picture_of(sealed: str, user: AbstractBaseUser) -> Picture:
    """Return a sealed secret as apps take it in; raise `SecretUnreadable`."""
    secret = unseal(sealed)
    adapter = ShopAdapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return Picture(
        uri="data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )


def looks_like_code(text: str) -> bool:
    """Whether `text`, spaces and dashes aside, has the length of an app's code."""
    return len(normalize_user_code(text)) == DIGITS


def counters_of(sealed: str, code: str) -> list[int]:
    """Return the steps of time, now and one to each side, whose code this is; oldest first.

    Raises `SecretUnreadable`.
    """
    secret = unseal(sealed)
    return [
        counter
        for counter in engine.yield_hotp_counters_from_time()
        if compare_user_code(
            actual=code, expected=engine.format_hotp_value(engine.hotp_value(secret, counter))
        )
    ]
