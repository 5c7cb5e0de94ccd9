"""A real server that vouches for people, over HTTP: like Google (OpenID Connect) and like GitHub.

It enforces what they enforce (client secret, registered addresses, PKCE, codes good once) and goes
wrong on demand (`faults`). People agree on a page, with or without a browser (`agree`).
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.servers.door import Door

CLIENT_ID, CLIENT_SECRET = "the-bookshop", "known-to-the-shop-and-me"
CALLBACKS = {
    "google": ("/account/google/callback/", "/api/v1/auth/google/callback"),
    "github": ("/account/github/callback/", "/api/v1/auth/github/callback"),
}


@dataclass(frozen=True)
class Person:
    """Somebody with an account at both providers."""

    uid: int
    email: str
    name: str = "Ada Lovelace"
    is_verified: bool = True
    is_primary: bool = True


@dataclass
class Faults:
    """What goes wrong; by default nothing. Places are the values of `door.PLACES`."""

    claims: dict[str, Any] = field(default_factory=dict)  # of the id_token; None leaves one out
    algorithm: str = "RS256"
    is_forged: bool = False  # signed with a key that is not published
    query: dict[str, str] = field(default_factory=dict)  # of the way back
    statuses: dict[str, int] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)  # sent as HTML, status 200
    moved: dict[str, str] = field(default_factory=dict)  # redirects
    silent: set[str] = field(default_factory=set)  # no answer till `release`


@dataclass
class Grant:
    """What somebody agreed to, till its code is used."""

    flavour: str
    asked: dict[str, str]
    person: Person


class IdentityServer:
    """The server, in a thread of its own: `with IdentityServer() as server`."""

    def __init__(self) -> None:
        self.key, self.other_key = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)
        )
        self.release = threading.Event()
        self.reset()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
        self._server.identity = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def reset(self) -> None:
        """Forget everybody; be in order again."""
        self.people: dict[str, Person] = {}
        self.faults = Faults()
        self.pending: dict[str, tuple[str, dict[str, str]]] = {}
        self.grants: dict[str, Grant] = {}
        self.tokens: dict[str, Person] = {}
        self.calls: list[str] = []
        self.at_each_call: Any = None
        self.release.set()
        self.release = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def settings(self) -> dict[str, dict[str, str]]:
        """What the shop has to know (SIGN_IN_PROVIDERS)."""
        one = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "url": self.url}
        return {"google": dict(one), "github": dict(one)}

    def know(self, person: Person) -> Person:
        """Give somebody an account here."""
        self.people[str(person.uid)] = person
        return person

    def agree(self, url: str, person: Person | None) -> str:
        """Open a consent screen as `person` (None says no) and return where it sends them back."""
        page = requests.get(url, timeout=5)
        assert page.status_code == 200, page.text
        ticket = page.text.split('name="ticket" value="')[1].split('"')[0]
        answer = {"ticket": ticket, "person": str(person.uid) if person else ""}
        back = requests.post(f"{self.url}/consent", answer, timeout=5, allow_redirects=False)
        assert back.status_code == 302, back.text
        return back.headers["Location"]

    def refusal_of(self, flavour: str, asked: dict[str, str]) -> str:
        """Return why a consent screen cannot be shown, empty if it can."""
        is_openid = flavour == "google"
        checks = {
            "client_id": asked.get("client_id") == CLIENT_ID,
            "redirect_uri": urlsplit(asked.get("redirect_uri", "")).path in CALLBACKS[flavour],
            "response_type": asked.get("response_type") == "code",
            "state": len(asked.get("state", "")) >= 32,
            "code_challenge_method": asked.get("code_challenge_method") == "S256",
            "code_challenge": len(asked.get("code_challenge", "")) == 43,
            "nonce": not is_openid or len(asked.get("nonce", "")) >= 32,
            "scope": set(asked.get("scope", "").split())
            == ({"openid", "email", "profile"} if is_openid else {"user:email"}),
        }
        return ", ".join(name for name, is_good in checks.items() if not is_good)

    def grant(self, code: str, flavour: str, asked: dict[str, str], person: Person) -> None:
        """Remember what somebody agreed to."""
        self.grants[code] = Grant(flavour, asked, person)

    def redeem(self, form: dict[str, str]) -> dict[str, Any]:
        """Return the token endpoint's answer; a code is gone with the first try."""
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return {"error": "invalid_client"}
        grant = self.grants.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            grant is None
            or grant.asked["code_challenge"] != challenge
            or grant.asked["redirect_uri"] != form.get("redirect_uri")
            or form.get("grant_type") != "authorization_code"
        ):
            return {"error": "invalid_grant"}
        token = secrets.token_urlsafe(24)
        self.tokens[token] = grant.person
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
        if grant.flavour == "google":
            answer["id_token"] = self._id_token(grant)
        return answer

    def _id_token(self, grant: Grant) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "azp": CLIENT_ID,
            "sub": str(grant.person.uid),
            "email": grant.person.email,
            "email_verified": grant.person.is_verified,
            "name": grant.person.name,
            "nonce": grant.asked["nonce"],
            "iat": now,
            "exp": now + 3600,
        } | self.faults.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.other_key if self.faults.is_forged else self.key
        if not self.faults.algorithm.startswith("RS"):
            key = "a secret that everybody knows, long enough" * (self.faults.algorithm != "none")
        algorithm = self.faults.algorithm
        payload = json.dumps(claims).encode()  # `jwt.encode` would refuse the worst of them
        return jwt.PyJWS().encode(payload, key or None, algorithm, headers={"kid": "first"})

    def keys(self) -> dict[str, Any]:
        """Return the published keys."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": "first", "alg": "RS256", "use": "sig"}]}
