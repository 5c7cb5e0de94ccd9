"""What Google says about somebody: an id_token (OpenID Connect)."""

from typing import Any

import jwt
from django.utils.crypto import constant_time_compare

from accounts.enums import Provider
from accounts.gateways import providers_calls

SCOPES = ["openid", "email", "profile"]
ALGORITHM = "RS256"
LEEWAY = 30  # seconds that clocks may differ
REQUIRED = ["iss", "aud", "sub", "exp", "iat", "nonce"]


def endpoints(url: str) -> dict[str, str]:
    """Return where Google, or the server in its place, is talked to."""
    if url:
        return {
            "issuer": url,
            "authorize": f"{url}/o/oauth2/v2/auth",
            "token": f"{url}/token",
            "keys": f"{url}/oauth2/v3/certs",
        }
    return {
        "issuer": "https://accounts.google.com",
        "authorize": "https://accounts.google.com/o/oauth2/v2/auth",
        "token": "https://oauth2.googleapis.com/token",
        "keys": "https://www.googleapis.com/oauth2/v3/certs",
    }


def describe(
    answer: dict[str, Any], *, places: dict[str, str], client_id: str, nonce: str
) -> tuple[str, str, str]:
    """Return (id, verified address or "", name) from the token endpoint's answer.

    Signature, key, algorithm, issuer, audience, nonce, beginning and end of the id_token are
    checked. Raises `ProviderUnavailable` and `ProviderAnswerInvalid`.
    """
    keys = providers_calls.get_json(Provider.GOOGLE, places["keys"])
    with providers_calls.refusals_told_apart(Provider.GOOGLE):
        claims = _claims(answer["id_token"], keys, places["issuer"], client_id)
        if not constant_time_compare(str(claims["nonce"]), nonce):
            raise ValueError("nonce")
    is_verified = claims.get("email_verified") is True
    return claims["sub"], str(claims.get("email", "")) * is_verified, str(claims.get("name", ""))


def _claims(raw: str, keys: Any, issuer: str, client_id: str) -> dict[str, Any]:
    try:
        key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(raw)["kid"]]
        return jwt.decode(
            raw,
            key,
            algorithms=[ALGORITHM],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": REQUIRED, "strict_aud": True},
        )
    except jwt.PyJWTError as error:
        raise ValueError(type(error).__name__) from None
