"""What the identity server says to whoever calls: pages, redirects, JSON."""

import json
import secrets
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

PLACES = {
    "/o/oauth2/v2/auth": "google",
    "/login/oauth/authorize": "github",
    "/consent": "consent",
    "/token": "token",
    "/login/oauth/access_token": "token",
    "/oauth2/v3/certs": "keys",
    "/api/v3/user": "profile",
    "/api/v3/user/emails": "emails",
}
CALLED_BY_THE_SHOP = {"token", "keys", "profile", "emails"}


class Door(BaseHTTPRequestHandler):
    """Answers for the `IdentityServer` that it finds at `server.identity`."""

    server: Any

    @property
    def identity(self) -> Any:
        return self.server.identity

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._answer(dict(parse_qsl(self.rfile.read(length).decode())))

    def _answer(self, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        place = PLACES.get(parts.path, "")
        self.identity.calls.append(place)
        if self.identity.at_each_call and place in CALLED_BY_THE_SHOP:
            self.identity.at_each_call()
        faults = self.identity.faults
        if place in faults.silent:
            self.identity.release.wait(30)
        elif place in faults.statuses:
            self._send(faults.statuses[place], "<h1>Sorry</h1>", "text/html")
        elif place in faults.bodies:
            self._send(200, faults.bodies[place], "text/html")
        elif place in faults.moved:
            self._move(faults.moved[place])
        else:
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            getattr(self, f"_{place or 'nothing'}")(query or form)

    def _nothing(self, _given: dict[str, str]) -> None:
        self._send(404, "{}")

    def _google(self, asked: dict[str, str]) -> None:
        self._show_consent("google", asked)

    def _github(self, asked: dict[str, str]) -> None:
        self._show_consent("github", asked)

    def _show_consent(self, flavour: str, asked: dict[str, str]) -> None:
        refusal = self.identity.refusal_of(flavour, asked)
        if refusal:
            self._send(400, f"<h1>Refused: {refusal}</h1>", "text/html")
            return
        ticket = secrets.token_urlsafe(16)
        self.identity.pending[ticket] = (flavour, asked)
        buttons = "".join(
            f'<button name="person" value="{uid}">{person.email}</button>'
            for uid, person in self.identity.people.items()
        )
        page = (
            '<!doctype html><html lang="en"><title>Who are you?</title>'
            '<link rel="icon" href="data:,"><h1>Who are you?</h1>'
            f'<form method="post" action="/consent"><input type="hidden" name="ticket" '
            f'value="{ticket}">{buttons}<button name="person" value="">No</button></form>'
        )
        self._send(200, page, "text/html; charset=utf-8")

    def _consent(self, form: dict[str, str]) -> None:
        flavour, asked = self.identity.pending.pop(form["ticket"])
        person = self.identity.people.get(form.get("person", ""))
        back = {"state": asked["state"]}
        if person is None:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(24)
            self.identity.grant(back["code"], flavour, asked, person)
        back["iss"] = self.identity.url + "/login/oauth" * (flavour == "github")
        back = {k: v for k, v in (back | self.identity.faults.query).items() if v}
        self._move(f"{asked['redirect_uri']}?{urlencode(back)}")

    def _token(self, form: dict[str, str]) -> None:
        answer = self.identity.redeem(form)
        # GitHub says 200 to everything.
        refused = "error" in answer and self.path == "/token"
        self._send(400 if refused else 200, json.dumps(answer))

    def _keys(self, _query: dict[str, str]) -> None:
        self._send(200, json.dumps(self.identity.keys()))

    def _profile(self, _query: dict[str, str]) -> None:
        person = self._bearer()
        if person:
            # Whatever somebody wrote there; nobody verified it.
            profile = {"id": person.uid, "name": person.name, "email": "chosen@example.com"}
            self._send(200, json.dumps(profile))

    def _emails(self, _query: dict[str, str]) -> None:
        person = self._bearer()
        if person:
            own = {
                "email": person.email,
                "primary": person.is_primary,
                "verified": person.is_verified,
            }
            spare = {"email": "spare@example.com", "primary": False, "verified": True}
            self._send(200, json.dumps([spare, own]))

    def _bearer(self) -> Any:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        person = self.identity.tokens.get(token)
        if person is None:
            self._send(401, '{"message": "Bad credentials"}')
        return person

    def _move(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, text: str, kind: str = "application/json") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
