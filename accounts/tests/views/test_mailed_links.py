"""Nobody learns who has an account: PROOFS T053, on pages and on the API (times: benchmarks)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.http.serializers import StrictSerializer
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-01", "AUTH-07")]
KNOWN, UNKNOWN = "known@example.com", "fresh@example.com"
PHRASE = "a long enough phrase"
DOORS = {
    "login": ({"password": "wrong wrong wrong"}, "/account/login/", "auth/login"),
    "register": ({"password": PHRASE}, "/account/register/", "auth/register"),
    "reset": ({}, "/account/reset/", "auth/password-reset"),
    "resend": ({}, "/account/verification/", "auth/resend-verification"),
    "link": ({}, "/account/login/link/", None),
}
WAYS = [(door, way) for door, (_, *ways) in DOORS.items() for way in ways if way]
STATES = {
    "verified": {},
    "unverified": {"is_verified": False},
    "switched off": {"is_active": False},
    "without password": {"password": "!"},
}


def ask(way, body):
    """Return all that a stranger sees, and the statements it took."""
    browser = Client(raise_request_exception=False)
    is_page = way.startswith("/")
    with CaptureQueriesContext(connection) as queries:
        if is_page:
            answer = browser.post(way, body)
        else:
            answer = browser.post(f"/api/v1/{way}", body, content_type="application/json")
    headers = {k: v for k, v in answer.headers.items() if k not in {"X-Request-Id", "Expires"}}
    seen = [answer.status_code, headers, sorted(answer.cookies), without_chance(answer)]
    if answer.status_code == 303:
        page = browser.get(answer["Location"])
        seen += [answer["Location"], page.status_code, without_chance(page)]
    statements = [
        re.split("VALUES|WHERE|defer_jobs|LIMIT", query["sql"])[0]
        for query in queries
        if "SAVEPOINT" not in query["sql"]
    ]
    return seen, statements


def without_chance(answer):
    text = answer.content.decode().replace(KNOWN, "E").replace(UNKNOWN, "E")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "csrf", text)
    text = re.sub(r'"(id|created_at|request_id)":"[^"]+"', r'"\1":"…"', text)
    return re.sub(r"[0-9a-f]{32}", "…", text)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("door", "way"), WAYS)
def test_known_and_unknown_look_alike(door, way, state):
    UserFactory(email=KNOWN, **STATES[state])
    ask(way, DOORS[door][0] | {"email": "warm-up@example.com"})

    for_known, statements_for_known = ask(way, DOORS[door][0] | {"email": KNOWN})
    for_unknown, statements_for_unknown = ask(way, DOORS[door][0] | {"email": UNKNOWN})

    assert for_known == for_unknown
    assert statements_for_known == statements_for_unknown


@pytest.mark.parametrize(("door", "way"), WAYS)
def test_known_and_unknown_look_alike_where_addresses_must_be_confirmed(door, way, settings):
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = True
    UserFactory(email=KNOWN, is_verified=False, password=PHRASE)
    body = DOORS[door][0] | ({"password": PHRASE} if door == "login" else {})
    ask(way, body | {"email": "warm-up@example.com"})

    for_known, statements_for_known = ask(way, body | {"email": KNOWN})
    for_unknown, statements_for_unknown = ask(way, body | {"email": UNKNOWN})

    assert for_known == for_unknown
    assert statements_for_known == statements_for_unknown
    if door == "login":
        assert "is not confirmed yet" in for_known[3]


@pytest.mark.req("AUTH-08")
@pytest.mark.parametrize(("door", "way"), [each for each in WAYS if each[0] != "login"])
def test_known_and_unknown_look_alike_when_their_mails_are_used_up(door, way, rate_limits):
    UserFactory(email=KNOWN)
    for _ in range(4):
        ask(way, DOORS[door][0] | {"email": KNOWN})
        ask(way, DOORS[door][0] | {"email": UNKNOWN})
    answers = [ask(way, DOORS[door][0] | {"email": email}) for email in (KNOWN, UNKNOWN)]

    assert answers[0][1] == answers[1][1]
    for seen, _ in answers:
        for name in ("RateLimit-Remaining", "RateLimit-Reset", "Retry-After"):
            seen[1].pop(name, None)  # they count the client's own attempts, one more each
    assert answers[0][0] == answers[1][0]


@pytest.mark.parametrize(
    "way", ["/account/reset/", "/account/verification/", "/account/login/link/"]
)
class TestThePagesThatAsk:
    def test_lets_password_managers_in(self, client, way):
        page = client.get(way)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert 'name="email" autocomplete="username"' in page.content.decode()
        assert '<meta name="robots" content="noindex">' in page.content.decode()

    def test_knows_who_is_signed_in(self, client, way):
        client.force_login(UserFactory(email=KNOWN))
        assert f'value="{KNOWN}"' in client.get(way).content.decode()

    @pytest.mark.parametrize("email", ["", "no-address", "k\u212a@example.com", "a" * 300])
    def test_refuses_what_is_no_address(self, client, way, email):
        page = client.post(way, {"email": email})
        assert page.status_code == 422
        assert "<title>Error: " in page.content.decode()
        assert 'href="#id_email"' in page.content.decode()
        assert AuditEntry.objects.count() == 0

    def test_answers_once_and_reloads_without_sending(self, client, way):
        answer = client.post(way, {"email": UNKNOWN})
        assert (answer.status_code, answer["Location"]) == (303, way)
        assert "a mail with a link is on its way" in client.get(way).content.decode()
        assert "a mail with a link is on its way" not in client.get(way).content.decode()

    @pytest.mark.req("AUTH-08")
    def test_is_limited(self, client, way, rate_limits):
        for number in range(20):
            assert client.post(way, {"email": f"r{number}@example.com"}).status_code == 303
        refused = client.post(way, {"email": UNKNOWN})
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0

    @pytest.mark.req("AUTH-08")
    def test_is_503_while_nothing_can_be_counted(self, client, way, rate_limits, redis_is_down):
        assert client.post(way, {"email": UNKNOWN}).status_code == 503

    def test_needs_the_csrf_token(self, way):
        assert Client(enforce_csrf_checks=True).post(way, {"email": KNOWN}).status_code == 403

    def test_takes_no_other_method(self, client, way):
        assert client.put(way).status_code == 405


def test_inputs_are_strict():
    from accounts.api import email_changes, passwords, verification

    inputs = [
        verification.LinkTokenInput,
        verification.AddressInput,
        passwords.ResetInput,
        passwords.ChangePasswordInput,
        email_changes.ChangeEmailInput,
    ]
    assert all(issubclass(each, StrictSerializer) for each in inputs)
    assert User.objects.count() == 0
