"""T048: nothing but our own tokens is read, through every door that takes one; keys rotate."""

import jwt
import pytest
from django.conf import settings
from django.core import checks

from accounts.errors import TokenInvalid
from accounts.gateways import token_format
from accounts.models import RefreshFamily
from accounts.services import tokens
from accounts.tests.factories import UserFactory
from accounts.tests.forgery import signed, with_header

pytestmark = pytest.mark.req("AUTH-03")
ADDRESS = "203.0.113.9"
FUTURE = 9_999_999_999
OTHER_KEY = "another key of more than 32 characters"
PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
URL = "https://evil.test/keys.json"
FORGERIES = {
    "other key": lambda good: signed({}, base=good, key=OTHER_KEY),
    "other key, named": lambda good: signed(
        {}, base=good, key=OTHER_KEY, kid=token_format.key_id(OTHER_KEY)
    ),
    "secret key": lambda good: signed({}, base=good, key=settings.SECRET_KEY),
    "no algorithm": lambda good: signed({}, base=good, key="", algorithm="none"),
    "no algorithm, signature kept": lambda good: with_header(good, {"alg": "none"}),
    "algorithm in other letters": lambda good: with_header(good, {"alg": "hs256"}),
    "other algorithm": lambda good: signed({}, base=good, algorithm="HS512"),
    "algorithm of public keys": lambda good: with_header(good, {"alg": "RS256"}),
    "signed with the name of the key": lambda good: signed(
        {}, base=good, key=token_format.key_id(settings.SIMPLE_JWT["SIGNING_KEY"]) * 2
    ),
    "no key name": lambda good: with_header(good, {"kid": None}),
    "unknown key name": lambda good: with_header(good, {"kid": "0" * 16}),
    "key name of a file": lambda good: with_header(good, {"kid": "../../dev/null"}),
    "key name that is a list": lambda good: with_header(good, {"kid": ["x"]}),
    "key name that is null": lambda good: signed({}, base=good, kid=""),
    "jku": lambda good: with_header(good, {"jku": URL}),
    "x5u": lambda good: with_header(good, {"x5u": URL}),
    "x5c": lambda good: with_header(good, {"x5c": ["MIIB"]}),
    "jwk": lambda good: with_header(good, {"jwk": {"kty": "oct", "k": "AAAA"}}),
    "crit": lambda good: with_header(good, {"crit": ["exp"]}),
    "b64": lambda good: with_header(good, {"b64": False, "crit": ["b64"]}),
    "cty": lambda good: with_header(good, {"cty": "JWT"}),
    "other type": lambda good: with_header(good, {"typ": "at+jwt"}),
    "no type of token": lambda good: with_header(good, {"typ": None}),
    "signature cut": lambda good: good[:-4],
    "signature gone": lambda good: good.rpartition(".")[0] + ".",
    "signature of another": lambda good: (
        good.rpartition(".")[0] + "." + signed({"ver": 9}, base=good).rpartition(".")[2]
    ),
    "claims of another": lambda good: ".".join(
        [good.split(".")[0], signed({"ver": 9}, base=good).split(".")[1], good.split(".")[2]]
    ),
    "foreign issuer": lambda good: signed({"iss": "elsewhere"}, base=good),
    "foreign audience": lambda good: signed({"aud": "elsewhere"}, base=good),
    "one audience of many": lambda good: signed({"aud": ["bookstore-api", "x"]}, base=good),
    "no issuer": lambda good: signed({"iss": None}, base=good),
    "no audience": lambda good: signed({"aud": None}, base=good),
    "no end": lambda good: signed({"exp": None}, base=good),
    "endless": lambda good: signed({"exp": 10**30}, base=good),
    "end of text": lambda good: signed({"exp": "soon"}, base=good),
    "no beginning": lambda good: signed({"iat": None}, base=good),
    "issued tomorrow": lambda good: signed({"iat": FUTURE}, base=good),
    "not yet": lambda good: signed({"nbf": FUTURE}, base=good),
    "no kind": lambda good: signed({"token_type": None}, base=good),
    "other kind": lambda good: signed({"token_type": "sliding"}, base=good),
    "no user": lambda good: signed({"sub": None}, base=good),
    "user of text": lambda good: signed({"sub": "nobody"}, base=good),
    "no family": lambda good: signed({"fam": None}, base=good),
    "family of text": lambda good: signed({"fam": "none"}, base=good),
    "family of number": lambda good: signed({"fam": 7}, base=good),
    "no version": lambda good: signed({"ver": None}, base=good),
    "version of text": lambda good: signed({"ver": "x"}, base=good),
    "no id": lambda good: signed({"jti": None}, base=good),
    "empty": lambda good: "",
    "words": lambda good: "not a token",
    "dots": lambda good: "..",
    "accents": lambda good: "é.é.é",
    "NUL": lambda good: good + "\x00",
    "space": lambda good: good + " x",
    "four parts": lambda good: good + ".AAAA",
    "100 KB": lambda good: good + "A" * 100_000,
    "header of brackets": lambda good: (
        jwt.utils.base64url_encode(b"[" * 1_000).decode() + "." + good.partition(".")[2]
    ),
    "claims of brackets": lambda good: (
        good.split(".")[0] + "." + jwt.utils.base64url_encode(b"[" * 1_000).decode() + ".AAAA"
    ),
}


@pytest.fixture
def pair(db):
    return tokens.issue_pair(user=UserFactory())


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_forged_tokens_are_refused_by_the_services(pair, forge):
    with pytest.raises(TokenInvalid):
        tokens.read_access(forge(pair.access))
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=forge(pair.refresh), address=ADDRESS)
    with pytest.raises(TokenInvalid):
        tokens.revoke_family(refresh=forge(pair.refresh))

    assert RefreshFamily.objects.get().revoked_at is None
    assert tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)


# What cannot stand in JSON or a header is refused before any token is read; see the API's tests.
SENDABLE = {name: forge for name, forge in FORGERIES.items() if name not in {"NUL", "empty"}}


@pytest.mark.parametrize("forge", SENDABLE.values(), ids=SENDABLE.keys())
def test_forged_tokens_are_401_token_invalid(pair, api, forge):
    forged = forge(pair.refresh)
    answers = [
        api.get("users/me", headers={"Authorization": f"Bearer {forge(pair.access)}"}),
        api.post("auth/refresh", {"refresh": forged}),
        api.post("auth/logout", {"refresh": forged}),
    ]

    for answer in answers:
        assert answer.status_code == 401, answer.content
        assert answer.json()["error"]["code"] == "TOKEN_INVALID"
        assert answer["WWW-Authenticate"] == "Bearer"
    assert api.post("auth/refresh", {"refresh": pair.refresh}).status_code == 200


def test_forger_makes_good_tokens_when_nothing_is_changed(pair):
    """The control: what the forgeries are made with would be believed but for what they change."""
    assert tokens.read_access(signed({}, base=pair.access))
    assert tokens.read_access(with_header(pair.access, {}))


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_one_kind_is_not_taken_for_the_other(pair, api, kind):
    wrong = {"access": pair.refresh, "refresh": pair.access}[kind]
    answer = (
        api.get("users/me", headers={"Authorization": f"Bearer {wrong}"})
        if kind == "access"
        else api.post("auth/refresh", {"refresh": wrong})
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "TOKEN_INVALID")


@pytest.fixture
def rotate(settings):
    """Let another key take over; the one before may still be read, or not."""

    def take_over(new, *, previous):
        old = settings.SIMPLE_JWT["SIGNING_KEY"]
        settings.SIMPLE_JWT = settings.SIMPLE_JWT | {"SIGNING_KEY": new}
        settings.JWT_PREVIOUS_SIGNING_KEYS = [old] if previous else []

    return take_over


def test_tokens_of_the_previous_key_are_read_and_followed_by_the_new(pair, rotate):
    rotate(OTHER_KEY, previous=True)

    assert tokens.read_access(pair.access)
    successor = tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    header = jwt.get_unverified_header(successor.refresh)
    assert header == {"alg": "HS256", "typ": "JWT", "kid": token_format.key_id(OTHER_KEY)}
    jwt.decode(successor.refresh, OTHER_KEY, algorithms=["HS256"], audience="bookstore-api")


def test_tokens_of_a_key_that_was_taken_away_are_dead(pair, rotate):
    rotate(OTHER_KEY, previous=False)

    with pytest.raises(TokenInvalid):
        tokens.read_access(pair.access)
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)


def test_name_of_a_key_tells_nothing_of_it(settings):
    name = token_format.key_id(settings.SIMPLE_JWT["SIGNING_KEY"])

    assert len(name) == 16
    assert name != token_format.key_id(OTHER_KEY)
    assert settings.SIMPLE_JWT["SIGNING_KEY"] != settings.SECRET_KEY


def faults():
    return [message.id for message in checks.run_checks() if message.id == "accounts.E001"]


def test_settings_of_the_shop_are_sound():
    assert faults() == []


@pytest.mark.parametrize(
    "change",
    [
        {"ALGORITHM": "HS512"},
        {"ALGORITHM": "none"},
        {"ALGORITHM": "RS256"},
        {"SIGNING_KEY": "short"},
        {"SIGNING_KEY": "test-" * 12},  # SECRET_KEY
        {"ISSUER": None},
        {"AUDIENCE": ""},
    ],
)
def test_unsafe_settings_stop_the_start(settings, change):
    settings.SIMPLE_JWT = settings.SIMPLE_JWT | change

    assert faults() == ["accounts.E001"]


@pytest.mark.parametrize("previous", [["short"], ["test-" * 12], ["signing-" * 8]])
def test_unsafe_previous_keys_stop_the_start(settings, previous):
    settings.JWT_PREVIOUS_SIGNING_KEYS = previous

    assert faults() == ["accounts.E001"]
