"""What the shop believes of Google's and GitHub's answers: PROOFS T055, over HTTP."""

import time
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from accounts.enums import Provider
from accounts.errors import (
    ProviderAnswerInvalid,
    ProviderCancelled,
    ProviderNotConfigured,
    ProviderUnavailable,
)
from accounts.gateways import providers
from accounts.gateways.providers import Arrival, Identity
from tests.servers.identity import Person

pytestmark = pytest.mark.req("AUTH-06")
CALLBACK = "http://shop.test/account/{}/callback/"
ADA = Person(uid=1001, email="ada@example.com")
BOTH = pytest.mark.parametrize("provider", list(Provider))


@pytest.fixture
def travel(identity):
    """Go to a provider and back as `person`; the departure's secrets may be changed on the way."""
    identity.know(ADA)

    def go(provider, person=ADA, **changed):
        callback = CALLBACK.format(provider.value)
        departure = providers.depart(provider, callback=callback)
        back = identity.agree(departure.url, person)
        arrival = {
            "provider": provider,
            "callback": callback,
            "query": dict(parse_qsl(urlsplit(back).query)),
            "nonce": departure.nonce,
            "code_verifier": departure.code_verifier,
        }
        return providers.identify(Arrival(**(arrival | changed)))

    return go


@BOTH
def test_identity_is_what_the_provider_says(travel, provider):
    assert travel(provider) == Identity(provider, "1001", "ada@example.com", "Ada Lovelace")


@BOTH
def test_departure_carries_fresh_secrets_and_none_of_ours(identity, provider):
    callback = CALLBACK.format(provider.value)
    urls = [providers.depart(provider, callback=callback).url for _ in range(2)]
    first, second = (parse_qs(urlsplit(url).query) for url in urls)

    assert first["code_challenge_method"] == ["S256"]
    for secret in ("state", "code_challenge", *(["nonce"] if provider == "google" else [])):
        assert len(first[secret][0]) == 43
        assert first[secret] != second[secret]
    assert "known-to-the-shop" not in urls[0]
    assert "code_verifier" not in first


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://accounts.attacker.example"},
        {"iss": None},
        {"iss": ["https://accounts.google.com"]},
        {"aud": "another-shop"},
        {"aud": ["the-bookshop", "another-shop"]},
        {"aud": None},
        {"nonce": "somebody-else-s"},
        {"nonce": None},
        {"nonce": ""},
        {"exp": lambda: int(time.time()) - 60},
        {"exp": None},
        {"exp": "never"},
        {"iat": lambda: int(time.time()) + 600},
        {"iat": None},
        {"nbf": lambda: int(time.time()) + 600},
        {"sub": None},
        {"sub": 1001},
        {"sub": ""},
        {"sub": "x" * 192},
        {"sub": "10\x0001"},
    ],
    ids="-".join,
)
def test_id_token_that_is_not_for_us_now_is_refused(travel, identity, claims):
    # Times are told when the test runs: minutes may have passed since it was collected.
    identity.faults.claims = {
        name: value() if callable(value) else value for name, value in claims.items()
    }

    with pytest.raises(ProviderAnswerInvalid):
        travel(Provider.GOOGLE)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
def test_id_token_signed_another_way_is_refused(travel, identity, algorithm):
    identity.faults.algorithm = algorithm

    with pytest.raises(ProviderAnswerInvalid):
        travel(Provider.GOOGLE)


def test_id_token_signed_with_an_unknown_key_is_refused(travel, identity):
    identity.faults.is_forged = True

    with pytest.raises(ProviderAnswerInvalid):
        travel(Provider.GOOGLE)


@pytest.mark.parametrize("is_verified", [False, "true", 1, None])
def test_address_counts_only_if_google_says_true(travel, identity, is_verified):
    identity.faults.claims = {"email_verified": is_verified}

    assert travel(Provider.GOOGLE).email == ""


@pytest.mark.parametrize(
    "person",
    [
        Person(uid=2, email="b@example.com", is_verified=False),
        Person(uid=2, email="b@example.com", is_primary=False),
    ],
)
def test_address_counts_only_if_github_s_primary_one_is_verified(travel, identity, person):
    assert travel(Provider.GITHUB, identity.know(person)).email == ""


def test_address_may_stay_unsaid_at_github(travel, identity):
    identity.faults.statuses = {"emails": 404}

    assert travel(Provider.GITHUB) == Identity(Provider.GITHUB, "1001", "", "Ada Lovelace")


@BOTH
@pytest.mark.parametrize(
    "changed", [{"code_verifier": "x" * 43}, {"code_verifier": ""}, {"callback": "http://evil/"}]
)
def test_code_needs_its_verifier_and_its_address(travel, identity, provider, changed):
    with pytest.raises(ProviderAnswerInvalid):
        travel(provider, **changed)

    assert identity.tokens == {}


@BOTH
def test_code_is_good_once(identity, provider):
    identity.know(ADA)
    callback = CALLBACK.format(provider.value)
    departure = providers.depart(provider, callback=callback)
    query = dict(parse_qsl(urlsplit(identity.agree(departure.url, ADA)).query))
    arrival = Arrival(provider, callback, query, departure.nonce, departure.code_verifier)
    providers.identify(arrival)

    with pytest.raises(ProviderAnswerInvalid):
        providers.identify(arrival)


@BOTH
@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({}, ProviderAnswerInvalid),
        ({"code": ""}, ProviderAnswerInvalid),
        ({"code": "x" * 2_001}, ProviderAnswerInvalid),
        ({"code": "x", "iss": "https://attacker.example"}, ProviderAnswerInvalid),
        ({"code": "x", "iss": "é"}, ProviderAnswerInvalid),
        ({"code": "x", "error": "access_denied"}, ProviderCancelled),
        ({"error": "access_denied", "iss": "https://attacker.example"}, ProviderAnswerInvalid),
        ({"error": "server_error"}, ProviderAnswerInvalid),
    ],
    ids=str,
)
def test_way_back_is_read_before_the_provider_is_asked(travel, identity, provider, query, error):
    with pytest.raises(error):
        travel(provider, query=query)

    assert "token" not in identity.calls


ANSWERS = ["<h1>Welcome</h1>", "[]", "null", '"access_token"', "{}", '{"access_token": 7}', ""]


@BOTH
@pytest.mark.parametrize("body", ANSWERS)
@pytest.mark.parametrize("place", ["token", "second", "third"])
def test_answer_of_another_shape_is_refused(travel, identity, provider, place, body):
    places = {"google": ["keys", "keys"], "github": ["profile", "emails"]}[provider]
    place = {"token": "token", "second": places[0], "third": places[1]}[place]
    identity.faults.bodies = {place: body}
    nobody_has_an_address = place == "emails" and body in ("[]", "null", "{}")

    if nobody_has_an_address:
        assert travel(provider).email == ""
    else:
        with pytest.raises((ProviderAnswerInvalid, ProviderUnavailable)):
            travel(provider)


@BOTH
def test_secrets_do_not_follow_a_redirect(travel, identity, provider):
    identity.faults.moved = {"token": f"{identity.url}/oauth2/v3/certs"}

    with pytest.raises(ProviderUnavailable):
        travel(provider)
    assert "keys" not in identity.calls


@BOTH
@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_outage_is_not_taken_for_a_refusal(travel, identity, provider, status):
    identity.faults.statuses = {"token": status}

    with pytest.raises(ProviderUnavailable):
        travel(provider)


@BOTH
def test_nobody_there_is_an_outage(travel, settings, provider):
    callback = CALLBACK.format(provider.value)
    settings.SIGN_IN_PROVIDERS[provider]["url"] = "http://127.0.0.1:1"

    with pytest.raises(ProviderUnavailable):
        providers.identify(Arrival(provider, callback, {"code": "x"}, "n", "v"))


def test_real_addresses_are_google_s_and_github_s(settings):
    one = {"client_id": "id", "client_secret": "secret", "url": ""}
    settings.SIGN_IN_PROVIDERS = {"google": one, "github": one}

    starts = [providers.depart(each, callback="https://shop.test/").url for each in Provider]

    assert [start.split("?")[0] for start in starts] == [
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://github.com/login/oauth/authorize",
    ]


def test_shop_without_client_ids_offers_nobody(settings):
    nobody = {"client_id": "", "client_secret": "", "url": ""}
    settings.SIGN_IN_PROVIDERS = {"google": nobody, "github": nobody}

    assert providers.offered() == []
    with pytest.raises(ProviderNotConfigured):
        providers.depart(Provider.GITHUB, callback="https://shop.test/")
