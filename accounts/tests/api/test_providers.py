"""Sign-in with Google and GitHub for apps: a code in an address, tokens in a body, never else."""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OneTimeToken, RefreshFamily, User
from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from tests.servers.identity import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-06")]
BOTH = pytest.mark.parametrize("provider", ["google", "github"])
APP = "bookstore://signed-in"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
PKCE = {"code_challenge": CHALLENGE.decode(), "code_challenge_method": "S256"}


@pytest.fixture(autouse=True)
def app(settings):
    settings.OAUTH_APP_REDIRECTS = [APP, "https://app.example/done?kept=1"]


@pytest.fixture
def ada(identity):
    return identity.know(Person(uid=1001, email="ada@example.com"))


@pytest.fixture
def travel(api, identity):
    """Go to a provider and back in the app's browser; return the shop's last answer."""

    def go(person, provider="google", **query):
        departure = api.get(f"auth/{provider}", query=query)
        assert departure.status_code == 302, departure.content
        return api.client.get(identity.agree(departure["Location"], person))

    return go


def code_of(response):
    return response.json()["data"]["code"]


def error_of(response):
    return response.status_code, response.json()["error"]["code"]


@BOTH
def test_app_holds_the_same_pair_as_a_login(api, travel, ada, provider):
    arrived = travel(ada, provider)
    assert (arrived.status_code, set(arrived.json()["data"])) == (200, {"code"})
    assert "no-store" in arrived["Cache-Control"]

    response = api.post(
        "auth/oauth/exchange",
        {"code": code_of(arrived)},
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0"},
    )

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    pair = response.json()["data"]
    assert set(pair) == {"access", "refresh", "access_expires_in", "user"}
    assert (pair["user"]["email"], pair["user"]["is_verified"]) == ("ada@example.com", True)
    api.headers["Authorization"] = f"Bearer {pair['access']}"
    assert api.get("users/me").json()["data"]["email"] == "ada@example.com"
    assert api.post("auth/refresh", {"refresh": pair["refresh"]}).status_code == 200
    assert RefreshFamily.objects.get().device == "Firefox on Linux"


@BOTH
def test_app_gets_its_code_at_its_own_address(api, travel, ada, provider):
    response = travel(ada, provider, redirect_uri=APP, **PKCE)

    assert response.status_code == 302
    address, _, query = response["Location"].partition("?")
    assert (address, set(parse_qs(query))) == (APP, {"code"})
    assert response.content == b""
    body = {"code": parse_qs(query)["code"][0], "code_verifier": VERIFIER}
    assert api.post("auth/oauth/exchange", body).status_code == 200


def test_address_of_an_app_keeps_its_own_query(travel, ada):
    response = travel(ada, redirect_uri="https://app.example/done?kept=1")

    assert response["Location"].startswith("https://app.example/done?kept=1&code=")


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://evil.example/",
        "bookstore://signed-in/",
        "bookstore://signed-in.evil",
        "BOOKSTORE://signed-in",
        "https://app.example/done",
        "",
    ],
)
def test_foreign_address_gets_no_code(api, identity, redirect_uri):
    response = api.get("auth/google", query={"redirect_uri": redirect_uri})

    assert error_of(response) == (400, "VALIDATION_ERROR")
    assert list(response.json()["error"]["details"]) == ["redirect_uri"]


@pytest.mark.parametrize(
    "query",
    [
        {"code_challenge": "short"},
        {"code_challenge": "x" * 44},
        {"code_challenge": PKCE["code_challenge"], "code_challenge_method": "plain"},
        {"scope": "everything"},
    ],
)
def test_departure_that_makes_no_sense_is_refused(api, identity, query):
    assert error_of(api.get("auth/google", query=query)) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "verifier", [{}, {"code_verifier": "w" * 43}, {"code_verifier": PKCE["code_challenge"]}]
)
def test_code_needs_the_app_s_verifier_at_the_first_try(api, travel, ada, verifier):
    code = code_of(travel(ada, **PKCE))

    assert error_of(api.post("auth/oauth/exchange", {"code": code} | verifier)) == (
        400,
        "LINK_INVALID",
    )
    second = api.post("auth/oauth/exchange", {"code": code, "code_verifier": VERIFIER})
    assert error_of(second) == (400, "LINK_INVALID")
    assert RefreshFamily.objects.count() == 0


def test_verifier_without_a_challenge_is_refused(api, travel, ada):
    """Else whoever cuts the challenge out of the departure would not be noticed."""
    body = {"code": code_of(travel(ada)), "code_verifier": VERIFIER}

    assert error_of(api.post("auth/oauth/exchange", body)) == (400, "LINK_INVALID")


def test_code_is_good_once(api, travel, ada):
    body = {"code": code_of(travel(ada))}

    assert api.post("auth/oauth/exchange", body).status_code == 200
    assert error_of(api.post("auth/oauth/exchange", body)) == (400, "LINK_INVALID")
    assert RefreshFamily.objects.count() == 1


def test_code_is_good_for_a_minute(api, travel, ada):
    body = {"code": code_of(travel(ada))}
    OneTimeToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert error_of(api.post("auth/oauth/exchange", body)) == (400, "LINK_INVALID")
    assert RefreshFamily.objects.count() == 0


def test_code_lives_sixty_seconds(travel, ada):
    travel(ada)
    token = OneTimeToken.objects.get()

    assert 55 < (token.expires_at - timezone.now()).total_seconds() <= 60


@pytest.mark.parametrize("code", ["", "x", "x.y", "\u00e9" * 40, "A" * 201])
def test_code_that_was_never_ours_is_refused(api, code):
    assert api.post("auth/oauth/exchange", {"code": code}).status_code == 400


def test_account_switched_off_meanwhile_gets_nothing(api, travel, ada):
    body = {"code": code_of(travel(ada))}
    User.objects.update(is_active=False)

    assert error_of(api.post("auth/oauth/exchange", body)) == (400, "LINK_INVALID")


def test_second_factor_is_asked_for(api, travel, ada):
    UserFactory(email=ada.email, second_factor_at=timezone.now())

    response = api.post("auth/oauth/exchange", {"code": code_of(travel(ada))})

    assert error_of(response) == (401, "SECOND_FACTOR_REQUIRED")
    assert list(response.json()["error"]["details"]) == ["challenge"]
    assert response["WWW-Authenticate"] == "Bearer"
    assert RefreshFamily.objects.count() == 0
    challenge = OneTimeToken.objects.get(purpose="SECOND_FACTOR")
    assert challenge.context == {"proof": "provider"}
    assert not AuditEntry.objects.filter(action="auth.login_succeeded").exists()


@BOTH
def test_no_token_and_no_session_comes_by_the_way_back(api, travel, ada, provider):
    response = travel(ada, provider, redirect_uri=APP)

    assert RefreshFamily.objects.count() == 0
    assert Client.get(api.client, "/account/").status_code == 302
    assert "access" not in response["Location"]
    assert "refresh" not in response["Location"]


@BOTH
def test_app_learns_why_there_is_no_code(travel, identity, provider):
    liar = identity.know(Person(uid=666, email="ada@example.com", is_verified=False))
    owner = UserFactory(email="ada@example.com")

    assert travel(liar, provider, redirect_uri=APP)["Location"] == (
        f"{APP}?error=PROVIDER_EMAIL_NOT_VERIFIED"
    )
    assert travel(None, provider, redirect_uri=APP)["Location"] == f"{APP}?error=PROVIDER_CANCELLED"
    assert error_of(travel(liar, provider)) == (409, "PROVIDER_EMAIL_NOT_VERIFIED")
    assert error_of(travel(None, provider)) == (400, "PROVIDER_CANCELLED")
    assert OneTimeToken.objects.count() == 0
    assert User.objects.get() == owner


@BOTH
def test_provider_that_is_down_is_503(travel, identity, ada, provider):
    identity.faults.statuses = {"token": 500}

    response = travel(ada, provider)

    assert error_of(response) == (503, "PROVIDER_UNAVAILABLE")
    assert response["Retry-After"] == "30"


@BOTH
@pytest.mark.parametrize("query", [{}, {"state": "x", "code": "y"}, {"error": "<b>x</b>"}])
def test_return_without_a_departure_is_refused(api, identity, provider, query):
    response = api.get(f"auth/{provider}/callback", query=query)

    assert error_of(response) == (400, "PROVIDER_VISIT_UNKNOWN")
    assert "<b>" not in response.content.decode()
    assert identity.calls == []


def test_return_in_another_browser_or_a_second_time_is_refused(api, identity, ada):
    back = identity.agree(api.get("auth/google")["Location"], ada)

    assert error_of(Client().get(back)) == (400, "PROVIDER_VISIT_UNKNOWN")
    assert api.client.get(back).status_code == 200
    assert error_of(api.client.get(back)) == (400, "PROVIDER_VISIT_UNKNOWN")
    assert OneTimeToken.objects.count() == 1


@BOTH
def test_without_a_client_id_it_is_not_offered(api, settings, provider):
    nobody = {"client_id": "", "client_secret": "", "url": ""}
    settings.SIGN_IN_PROVIDERS = {"google": nobody, "github": nobody}

    response = api.get(f"auth/{provider}")

    assert error_of(response) == (503, "PROVIDER_NOT_CONFIGURED")
    assert "Retry-After" not in response


def test_exchanges_are_counted(api, rate_limits):
    answers = [api.post("auth/oauth/exchange", {"code": "x.y"}).status_code for _ in range(21)]

    assert answers == [400] * 20 + [429]


def test_way_back_names_the_address_the_departure_named(api, identity):
    url = api.get("auth/github")["Location"]
    asked = parse_qs(urlsplit(url).query)

    assert asked["redirect_uri"] == ["http://testserver/api/v1/auth/github/callback"]
