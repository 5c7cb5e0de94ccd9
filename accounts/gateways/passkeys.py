"""Passkeys (WebAuthn) by the fido2 library; what a browser answers comes as the JSON it sent."""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

# An answer has about 2,000 characters; attestations of some security keys have more.
LONGEST_ANSWER = 20_000
_BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    UnsupportedAlgorithm,
    struct.error,
)


class NotAccepted(Exception):
    """The answer is broken, to another question, from another site, or of another key."""


@dataclass(frozen=True)
class Question:
    """What the browser is asked, and what the server has to remember till the answer."""

    options: dict[str, Any]
    state: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """Whose passkey says it signed, before that is checked."""

    raw: dict[str, Any]
    credential_id: str
    user_handle: bytes


def ask_for_new(
    *, origin: str, user_id: bytes, name: str, known: Iterable[dict[str, Any]]
) -> Question:
    """Ask to make a passkey that finds its user by itself and is unlocked by them.

    `user_id` is what the device remembers: it must not say who somebody is. `known` are the
    credentials that the user has, so that a device does not make a second one.
    """
    user = PublicKeyCredentialUserEntity(name=name, id=user_id, display_name=name)
    options, state = _server(origin).register_begin(
        user,
        credentials=[_key_of(credential) for credential in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _question(options, state)


def read_new(*, origin: str, state: dict[str, str], answer: str) -> tuple[dict[str, Any], str, int]:
    """Return the credential to store, its id and its count of uses; raise `NotAccepted`."""
    raw = _parsed(answer)
    try:
        made = _server(origin).register_complete(state, raw)
        credential_id = websafe_encode(_credential_of(made).credential_id)
    except _BROKEN:
        raise NotAccepted from None
    return raw, credential_id, made.counter


def ask_for_known(
    *, origin: str, known: Iterable[dict[str, Any]] | None, must_be_unlocked: bool
) -> Question:
    """Ask for a signature: of one of the `known` credentials, or of any for this site (None)."""
    keys = None if known is None else [_key_of(credential) for credential in known]
    options, state = _server(origin).authenticate_begin(
        keys,
        UserVerificationRequirement.REQUIRED
        if must_be_unlocked
        else UserVerificationRequirement.PREFERRED,
    )
    return _question(options, state)


def read_answer(answer: str) -> Answer:
    """Return whose key claims to have signed; raise `NotAccepted`."""
    raw = _parsed(answer)
    try:
        response = AuthenticationResponse.from_dict(raw)
        return Answer(
            raw=raw,
            credential_id=websafe_encode(response.raw_id),
            user_handle=response.response.user_handle or b"",
        )
    except _BROKEN:
        raise NotAccepted from None


def check_answer(
    *, origin: str, state: dict[str, str], answer: Answer, credential: dict[str, Any]
) -> int:
    """Return the key's count of uses if its signature answers our question; or `NotAccepted`.

    Checked are challenge, origin, site, presence, unlocking where it was asked for, signature.
    """
    try:
        _server(origin).authenticate_complete(state, [_key_of(credential)], answer.raw)
        return AuthenticationResponse.from_dict(answer.raw).response.authenticator_data.counter
    except _BROKEN:
        raise NotAccepted from None


def _server(origin: str) -> Fido2Server:
    site = PublicKeyCredentialRpEntity(name=settings.STORE_NAME, id=urlsplit(origin).hostname or "")
    # The very origin, not any subdomain: who runs one of those must not ask in our name.
    return Fido2Server(site, verify_origin=lambda claimed: claimed == origin)


def _question(options: Any, state: dict[str, Any]) -> Question:
    # Through JSON, because sessions and answers hold plain words where the library has enums.
    asked = json.loads(json.dumps(dict(options)))["publicKey"]
    return Question(options=asked, state=json.loads(json.dumps(state)))


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise NotAccepted
    try:
        raw = json.loads(answer)
    except (ValueError, RecursionError):
        raise NotAccepted from None
    if not isinstance(raw, dict):
        raise NotAccepted
    return raw


def _key_of(credential: dict[str, Any]) -> AttestedCredentialData:
    made = RegistrationResponse.from_dict(credential)
    return _credential_of(made.response.attestation_object.auth_data)


def _credential_of(data: AuthenticatorData) -> AttestedCredentialData:
    if data.credential_data is None:
        raise ValueError
    return data.credential_data
