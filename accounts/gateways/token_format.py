"""The format of our tokens: signed JWTs that name their key, one algorithm, nothing optional.

simplejwt writes and reads the claims; this is the signature around them. A key is named by a short
digest of itself (`kid`), so that a new one can take over while tokens of the old one are read.
"""

import hmac
from datetime import timedelta
from typing import Any

import jwt
from django.conf import settings
from rest_framework_simplejwt import tokens as library
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.settings import api_settings

ALGORITHM = "HS256"
TYPE = "JWT"
# Ours have about 450 characters; what is longer is not worth decoding.
LONGEST = 2_048
SHORTEST_KEY = 32  # bytes: a shorter one is weaker than the digest it feeds (RFC 7518, 3.2)
# Exactly these stand in a header: keys that a token brings along (jku, jwk, x5u), demands we do
# not know (crit) and whatever comes next are refused by being there.
HEADERS = {"alg", "typ", "kid"}
REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti"]


class Unreadable(Exception):
    """Not a token of ours, or not of this kind."""


class Expired(Exception):
    """It was one once."""


class _Signature(TokenBackend):
    """Signs with the newest key; believes every key that may still be read."""

    def encode(self, payload: dict[str, Any]) -> str:
        key = str(settings.SIMPLE_JWT["SIGNING_KEY"])
        claims = payload | {"iss": self.issuer, "aud": self.audience}
        return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": key_id(key)})

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if set(header) != HEADERS or header["typ"] != TYPE or header["alg"] != ALGORITHM:
            raise jwt.InvalidTokenError
        return jwt.decode(
            token,
            _readable_keys()[header["kid"]],
            algorithms=[ALGORITHM],
            audience=self.audience,
            issuer=self.issuer,
            options={"require": REQUIRED, "strict_aud": True},
        )


class _Signed:
    """What makes a token of the library one of ours."""

    def get_token_backend(self) -> TokenBackend:
        return _Signature(ALGORITHM, audience=api_settings.AUDIENCE, issuer=api_settings.ISSUER)


class AccessToken(_Signed, library.AccessToken):
    """Opens the API for minutes."""


class RefreshToken(_Signed, library.RefreshToken):  # type: ignore[misc]  # the library's own
    """Buys the next pair, once."""


def written(kind: type[AccessToken] | type[RefreshToken], claims: dict[str, Any]) -> str:
    """Return a signed token of a kind with these claims beside those that every token has."""
    token = kind()
    token.payload |= claims
    return str(token)


def read(kind: type[AccessToken] | type[RefreshToken], raw: str) -> dict[str, Any]:
    """Return the claims of a token of this kind; raise `Expired` or, for all else, `Unreadable`.

    Checked are signature, key, algorithm, header, issuer, audience, kind, beginning and end.
    """
    if len(raw) > LONGEST:
        raise Unreadable
    try:
        return dict(kind(raw).payload)  # type: ignore[arg-type]  # not what its annotation says
    except (ExpiredTokenError, jwt.ExpiredSignatureError):
        raise Expired from None
    except (
        TokenError,
        jwt.InvalidTokenError,
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        OverflowError,
        RecursionError,
    ):
        raise Unreadable from None


def key_id(key: str) -> str:
    """Return the public name of a key; nothing can be learned from it but which one it is."""
    return hmac.digest(key.encode(), b"name of this signing key", "sha256").hex()[:16]


def faults_of_settings() -> list[str]:
    """Return what is unsafe about the settings that signatures rest on, in sentences."""
    jwt_settings: dict[str, Any] = settings.SIMPLE_JWT
    signing = str(jwt_settings["SIGNING_KEY"])
    previous = [str(key) for key in settings.JWT_PREVIOUS_SIGNING_KEYS]
    keys = [signing, *previous]
    faults = {
        f"SIMPLE_JWT ALGORITHM must be {ALGORITHM}, the only one that is read.": (
            jwt_settings["ALGORITHM"] != ALGORITHM
        ),
        f"A signing key has fewer than {SHORTEST_KEY} bytes.": any(
            len(key.encode()) < SHORTEST_KEY for key in keys
        ),
        "A signing key is SECRET_KEY as well.": settings.SECRET_KEY in keys,
        "JWT_PREVIOUS_SIGNING_KEYS holds a key twice, or the one that signs.": (
            len(set(keys)) < len(keys)
        ),
        "SIMPLE_JWT needs an ISSUER and an AUDIENCE.": not (
            jwt_settings["ISSUER"] and jwt_settings["AUDIENCE"]
        ),
        "An access token must not outlive an hour.": (
            jwt_settings["ACCESS_TOKEN_LIFETIME"] > timedelta(hours=1)
        ),
    }
    return [sentence for sentence, is_so in faults.items() if is_so]


def _readable_keys() -> dict[str, str]:
    keys = [str(settings.SIMPLE_JWT["SIGNING_KEY"]), *settings.JWT_PREVIOUS_SIGNING_KEYS]
    return {key_id(key): key for key in keys}
