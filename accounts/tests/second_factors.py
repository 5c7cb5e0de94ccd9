"""An authenticator app and a security key, in Python."""

import hashlib
import json
import os
import struct
import time

from allauth.mfa.totp.internal import auth as engine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from accounts.gateways import totp
from accounts.gateways.mfa import unseal
from accounts.selectors.second_factor import unused_recovery_codes
from accounts.services import passkeys, second_factor

ORIGIN = "http://localhost:8000"
PRESENT, UNLOCKED, NEW = 1, 4, 64


def code_of(sealed, steps=0):
    """What the app shows, `steps` half minutes from now."""
    step = int(time.time()) // 30 + steps
    return engine.format_hotp_value(engine.hotp_value(unseal(sealed), step))


def wrong_code(sealed):
    """Six digits that no app shows anywhere near now."""
    shown = {code_of(sealed, steps) for steps in range(-3, 4)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in shown)


def give_app(user):
    """Set an app up for `user`; return its sealed secret. The next good code is `next_code`."""
    sealed = totp.new_secret()
    second_factor.confirm_app(user_id=user.pk, sealed=sealed, code=code_of(sealed))
    user.refresh_from_db()
    return sealed


def next_code(sealed):
    """The code after the one that set the app up: good now, for clocks may be off by one step."""
    return code_of(sealed, 1)


def recovery_codes_of(user):
    return unused_recovery_codes(user)


def give_passkey(user, name="Key"):
    """Give `user` a passkey; return the key that holds it."""
    key = SoftKey()
    question = passkeys.ask_for_new(user=user, origin=ORIGIN)
    passkeys.add(
        user_id=user.pk,
        name=name,
        origin=ORIGIN,
        state=question.state,
        answer=key.make(question.options),
    )
    user.refresh_from_db()
    return key


class SoftKey:
    """Makes one passkey and signs with it, counting its uses unless told not to."""

    def __init__(self, origin=ORIGIN):
        self.origin = origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(16)
        self.user_handle = b""
        self.uses = 0

    def make(self, options, *, flags=PRESENT | UNLOCKED | NEW):
        self.user_handle = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public)
        data = AuthenticatorData.create(
            hashlib.sha256(options["rp"]["id"].encode()).digest(), flags, self.uses, credential
        )
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(data)})
        return self._said(
            clientDataJSON=self._client_data("webauthn.create", options["challenge"]),
            attestationObject=attestation,
        )

    def sign(self, options, *, flags=PRESENT | UNLOCKED, count=1):
        self.uses += count
        site = hashlib.sha256(options["rpId"].encode()).digest()
        data = site + struct.pack(">BI", flags, self.uses)
        client_data = self._client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(client_data).digest()
        return self._said(
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=self.private.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.user_handle,
        )

    def _client_data(self, kind, challenge):
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _said(self, **response):
        own = websafe_encode(self.credential_id)
        parts = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": parts})
