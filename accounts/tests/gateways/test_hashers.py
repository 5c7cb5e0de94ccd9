"""T056: what passwords may be, and how they are kept."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import argon2
import pytest
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    PBKDF2PasswordHasher,
    check_password,
    identify_hasher,
    make_password,
)

from accounts.gateways import hashers
from accounts.gateways.hashers import ShopPasswordHasher
from accounts.models import User
from accounts.services import registration, sign_in
from accounts.tests.factories import UserFactory
from bookstore.settings import security
from core.errors import Invalid

pytestmark = pytest.mark.req("AUTH-01", "AUTH-02")
GOOD = "a long enough phrase"
NFC = unicodedata.normalize("NFC", "ein schöner Füller")
NFD = unicodedata.normalize("NFD", NFC)


@pytest.fixture
def real_hashers(settings):
    """The shop's own, which tests otherwise replace by quick ones."""
    settings.PASSWORD_HASHERS = security.PASSWORD_HASHERS


def test_passwords_are_kept_by_argon2id_with_owasps_cost_or_more(real_hashers):
    encoded = make_password(GOOD)

    parameters = argon2.extract_parameters(encoded.removeprefix("argon2"))
    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert parameters.type is argon2.Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        46 * 1024,
        2,
        1,
    )
    assert make_password(GOOD) != encoded
    assert check_password(GOOD, encoded)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "old", [PBKDF2PasswordHasher(), Argon2PasswordHasher()], ids=["pbkdf2", "django's argon2"]
)
def test_hash_of_another_kind_or_cost_is_made_anew_at_sign_in(real_hashers, old, monkeypatch):
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1_000)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 1_024)
    monkeypatch.setattr(ShopPasswordHasher, "memory_cost", 47_104)
    before = old.encode(GOOD, "a-salt-of-old-times-here")
    user = UserFactory(email="ada@example.com", password="!")
    User.objects.filter(pk=user.pk).update(password=before)

    with pytest.raises(sign_in.InvalidCredentials):
        sign_in.check_credentials(email=user.email, password="wrong", address="203.0.113.9")
    assert User.objects.get().password == before
    sign_in.check_credentials(email=user.email, password=GOOD, address="203.0.113.9")

    after = User.objects.get().password
    assert after.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert check_password(GOOD, after)


def test_few_are_hashed_at_once_however_many_ask(real_hashers, monkeypatch):
    """Memory is bounded: without the places sixteen would be under way together."""
    under_way, most, lock = 0, [], Lock()
    encode = Argon2PasswordHasher.encode

    def counted(self, password, salt):
        nonlocal under_way
        with lock:
            under_way += 1
            most.append(under_way)
        try:
            return encode(self, password, salt)
        finally:
            with lock:
                under_way -= 1

    monkeypatch.setattr(Argon2PasswordHasher, "encode", counted)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(make_password, [GOOD] * 16))

    assert len(most) == 16
    assert max(most) <= hashers.AT_ONCE == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x" * 72 + "a", "x" * 72 + "b"),  # bcrypt would stop after 72 bytes
        ("é" * 36 + "a", "é" * 36 + "b"),
        ("x" * 127 + "a", "x" * 127 + "b"),
        (NFC, NFD),
        (GOOD, GOOD + " "),
        (GOOD, " " + GOOD),
        (GOOD, GOOD.replace(" ", "  ")),
        (GOOD, GOOD.upper()),
        (GOOD, GOOD.replace(" ", "\u00a0")),
    ],
)
def test_passwords_are_compared_to_the_last_character(real_hashers, monkeypatch, one, other):
    monkeypatch.setattr(ShopPasswordHasher, "memory_cost", 1_024)
    encoded = make_password(one)

    assert identify_hasher(encoded).algorithm == "argon2"
    assert check_password(one, encoded)
    assert not check_password(other, encoded)


def register(api, password, email="ada.lovelace@example.com"):
    return api.post("auth/register", {"email": email, "password": password})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    [
        "",
        "ninechars",
        "password123",
        "qwertyuiop",
        "1234567890",
        "iloveyou123",
        "ada.lovelace",
        "ada.lovelace@example.com",
        "x" * 129,
        "x" * 10_000,
    ],
)
def test_password_that_is_refused(api, password):
    response = register(api, password)

    assert response.status_code == 400, response.content
    assert list(response.json()["error"]["details"]) == ["password"]
    assert User.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    ["tencharsok", GOOD, "   spaces  all around   ", NFC, NFD, "密码密码密码密码密码", "🦉" * 10,
     "k7" * 64, "correct horse battery staple"],
)  # fmt: skip
def test_password_that_is_taken_opens_the_door_exactly_as_written(api, password):
    assert register(api, password).status_code == 201
    body = {"email": "ada.lovelace@example.com", "password": password}

    assert api.post("auth/login", body).status_code == 200
    for other in (password + " ", password.strip() + "x", unicodedata.normalize("NFKD", password)):
        if other != password:
            assert api.post("auth/login", body | {"password": other}).status_code in {400, 401}
    if password != password.strip():
        answer = api.post("auth/login", body | {"password": password.strip()})
        assert answer.status_code == 401


@pytest.mark.django_db
def test_service_refuses_what_is_too_long_before_it_hashes(monkeypatch):
    monkeypatch.setattr(User, "set_password", lambda *_: pytest.fail("hashed"))

    with pytest.raises(Invalid):
        registration.register_user(
            email="ada@example.com", password="x" * 129, address="203.0.113.9"
        )
