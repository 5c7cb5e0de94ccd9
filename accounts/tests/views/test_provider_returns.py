"""What comes back from Google and GitHub may be forged, replayed, foreign: PROOFS T055."""

import time
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.tests.visits import ADA, BOTH, depart, nobody_got_in, visit, who
from tests.servers.identity import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-06")]


@pytest.fixture
def ada(identity):
    return identity.know(ADA)


@pytest.mark.parametrize("query", ["", "?code=abc", "?state=&code=abc", "?state=abc&code=abc"])
@BOTH
def test_return_without_a_departure_is_refused(client, identity, provider, query):
    response = client.get(f"/account/{provider}/callback/{query}")

    assert response.status_code == 400
    assert identity.calls == []
    assert nobody_got_in(client)


def test_return_in_another_browser_is_refused(client, identity, ada):
    """Login CSRF: the attacker's own way back, opened in the victim's browser."""
    url = identity.agree(depart(Client()), ada)

    depart(client)  # the victim has a session, and even a visit of their own under way
    response = client.get(url)

    assert response.status_code == 400
    assert "token" not in identity.calls
    assert nobody_got_in(client)


def test_return_is_good_once(identity, ada):
    browser = Client()
    url = identity.agree(depart(browser), ada)
    browser.get(url)
    browser.post("/account/logout/")

    assert browser.get(url).status_code == 400
    assert who(browser) is None


def test_state_is_bound_to_its_provider(client, identity, ada):
    url = identity.agree(depart(client, "google"), ada)

    assert client.get(url.replace("/google/", "/github/")).status_code == 400
    assert "token" not in identity.calls
    assert nobody_got_in(client)


def test_state_is_bound_to_its_door(client, identity, ada):
    url = identity.agree(depart(client), ada)

    elsewhere = url.replace("/account/google/callback/", "/api/v1/auth/google/callback")
    assert client.get(elsewhere).status_code == 400
    begun = Client()
    url = identity.agree(begun.get("/api/v1/auth/google")["Location"], ada)
    elsewhere = url.replace("/api/v1/auth/google/callback", "/account/google/callback/")
    assert begun.get(elsewhere).status_code == 400
    assert "token" not in identity.calls
    assert nobody_got_in(client)


def test_state_lasts_ten_minutes(client, identity, ada, monkeypatch):
    url = identity.agree(depart(client), ada)
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)

    assert client.get(url).status_code == 400
    assert "token" not in identity.calls


def test_injected_code_fails_for_want_of_its_verifier(client, identity, ada):
    """The victim's code, stolen, in the attacker's own visit."""
    victims = identity.agree(depart(Client()), ada)
    attackers = identity.agree(depart(client), identity.know(Person(uid=2, email="b@example.com")))
    code = victims.split("code=")[1].split("&")[0]
    own = attackers.split("code=")[1].split("&")[0]

    response = client.get(attackers.replace(own, code))

    assert response.status_code == 400
    assert identity.calls[-1] == "token"
    assert nobody_got_in(client)


@BOTH
@pytest.mark.parametrize("extra", ["https://honest.attacker.example", "{host}.evil.example", "x"])
def test_another_issuer_in_the_way_back_is_refused(client, identity, ada, provider, extra):
    identity.faults.query = {"iss": extra.format(host=identity.url)}

    assert visit(client, identity, ada, provider).status_code == 400
    assert "token" not in identity.calls
    assert nobody_got_in(client)


@BOTH
def test_provider_that_does_not_name_itself_is_believed(client, identity, ada, provider):
    identity.faults.query = {"iss": ""}

    assert visit(client, identity, ada, provider).status_code == 303


@BOTH
@pytest.mark.parametrize("error", ["server_error", "<script>alert(1)</script>", "x" * 3_000])
def test_words_of_the_way_back_are_not_shown(client, identity, provider, error):
    url = identity.agree(depart(client, provider), None)
    words = {"error": error, "error_description": f"<b>{error}</b>"}
    response = client.get(url.replace("error=access_denied", urlencode(words)))

    assert response.status_code == 400
    page = response.content.decode()
    assert "<script>alert" not in page
    assert error[:20] not in page
    assert nobody_got_in(client)


@BOTH
@pytest.mark.parametrize(
    ("fault", "place"),
    [("statuses", "token"), ("statuses", "second"), ("silent", "token"), ("silent", "second")],
)
def test_provider_that_is_down_is_503_and_changes_nothing(
    client, identity, ada, settings, provider, fault, place
):
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.3
    place = {"google": "keys", "github": "emails"}[provider] if place == "second" else place
    if fault == "silent":
        identity.faults.silent = {place}
    else:
        identity.faults.statuses = {place: 502}

    response = visit(client, identity, ada, provider)

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "does not answer right now" in response.content.decode()
    assert "Sorry" not in response.content.decode()
    assert nobody_got_in(client)
