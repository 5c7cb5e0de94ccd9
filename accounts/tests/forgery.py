"""Tokens as a forger would make them: nearly right."""

import json

import jwt
from django.conf import settings

from accounts.gateways.token_format import key_id


def signed(changes, *, base, key=None, kid=None, algorithm="HS256", headers=None):
    """Return a token like `base` with some claims changed (None removes one).

    Unless told otherwise it is signed with our key and names it, so that only the change is wrong.
    """
    claims = jwt.decode(base, options={"verify_signature": False})
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    ours = settings.SIMPLE_JWT["SIGNING_KEY"]
    named = {"kid": key_id(ours) if kid is None else kid}
    return jwt.encode(
        claims, ours if key is None else key, algorithm=algorithm, headers=named | (headers or {})
    )


def with_header(token, changes):
    """Return `token` with some of its header changed (None removes), signed with our key again."""
    header = {**jwt.get_unverified_header(token), **changes}
    claims = jwt.decode(token, options={"verify_signature": False})
    written = jwt.encode(claims, settings.SIMPLE_JWT["SIGNING_KEY"], algorithm="HS256")
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    kept = {name: value for name, value in header.items() if value is not None}
    encoded = jwt.utils.base64url_encode(json.dumps(kept).encode())
    body = encoded + b"." + written.split(".")[1].encode()
    key = algorithm.prepare_key(settings.SIMPLE_JWT["SIGNING_KEY"])
    return (body + b"." + jwt.utils.base64url_encode(algorithm.sign(body, key))).decode()
