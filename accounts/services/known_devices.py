"""Browsers that signed in before, so that strangers cannot lock an owner out by guessing.

Such a browser holds a proof for each account that used it: a random number and a signature over
it and the account's address. It says nothing to anybody else, opens nothing, and is good for one
thing: its attempts are counted by themselves instead of with everybody's.
"""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

MOST_ACCOUNTS = 5  # of one browser; the oldest proof is forgotten
_BETWEEN = "~"
_LONGEST = 500


def number_of(proofs: str, *, email: str) -> str:
    """Return the number of the browser that shows `proofs` if it signed in as `email`, else ""."""
    for proof in _split(proofs):
        number, _dot, signature = proof.partition(".")
        if constant_time_compare(signature, _signature(number, email)):
            return number
    return ""


def with_proof_for(proofs: str, *, email: str) -> str:
    """Return `proofs` with one for `email` in front; an old one of this account is replaced."""
    others = [proof for proof in _split(proofs) if not number_of(proof, email=email)]
    number = secrets.token_urlsafe(12)
    return _BETWEEN.join([f"{number}.{_signature(number, email)}", *others][:MOST_ACCOUNTS])


def _split(proofs: str) -> list[str]:
    if len(proofs) > _LONGEST or not proofs.isascii():
        return []
    return [proof for proof in proofs.split(_BETWEEN) if proof][:MOST_ACCOUNTS]


def _signature(number: str, email: str) -> str:
    return salted_hmac(
        "accounts.known_device", f"{number}:{email}", algorithm="sha256"
    ).hexdigest()[:40]
