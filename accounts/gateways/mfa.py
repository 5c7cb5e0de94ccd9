"""Secrets of second factors in the database: sealed, so that a copy of it signs nobody in.

allauth's engines ask this adapter whenever they store or read one.
"""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class SecretUnreadable(Exception):
    """Sealed with a key that is neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS."""


class ShopAdapter(DefaultMFAAdapter):
    """Seals with a key derived from SECRET_KEY; reads what SECRET_KEY_FALLBACKS sealed too."""

    def encrypt(self, text: str) -> str:
        """Return `text` sealed."""
        return _seals().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was sealed; raise `SecretUnreadable`."""
        try:
            return _seals().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise SecretUnreadable from None


def seal(text: str) -> str:
    """Return `text` as the database or a session may hold it."""
    return ShopAdapter().encrypt(text)


def unseal(sealed: str) -> str:
    """Return what `seal` sealed; raise `SecretUnreadable`."""
    return ShopAdapter().decrypt(sealed)


def reseal(sealed: str) -> str:
    """Return the same secret sealed with the newest key; raise `SecretUnreadable`."""
    return seal(unseal(sealed))


def _seals() -> MultiFernet:
    # Made each time: settings may change in tests, and it costs microseconds.
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_of(key)) for key in keys])


def _key_of(secret: str) -> bytes:
    digest = salted_hmac("accounts.second_factor", "seal", secret=secret, algorithm="sha256")
    return base64.urlsafe_b64encode(digest.digest())
