"""Proving an address over the API."""

import pytest

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import deliver, secret_for, secret_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
VERIFY, RESEND = "auth/verify-email", "auth/resend-verification"


def code(response):
    return response.status_code, response.json()["error"]["code"]


def test_a_newcomer_verifies_the_address(api):
    api.post("auth/register", {"email": "ada@example.com", "password": PASSWORD})
    (mail,) = deliver()

    response = api.post(VERIFY, {"token": secret_in(mail)})

    assert response.status_code == 200
    assert response.json()["data"]["is_verified"] is True
    assert response.json()["data"]["email"] == "ada@example.com"
    assert "no-store" in response["Cache-Control"]
    assert code(api.post(VERIFY, {"token": secret_in(mail)})) == (400, "LINK_INVALID")
    assert api.sign_in("ada@example.com", PASSWORD)["user"]["is_verified"] is True


@pytest.mark.req("AUTH-04")
def test_verifying_ends_what_was_signed_in_before(api):
    user = UserFactory(is_verified=False)
    pair = api.sign_in(user.email, PASSWORD)

    api.headers = {}
    assert api.post(VERIFY, {"token": secret_for(user)}).status_code == 200

    api.headers["Authorization"] = f"Bearer {pair['access']}"
    assert code(api.get("users/me")) == (401, "TOKEN_INVALID")
    assert code(api.post("auth/refresh", {"refresh": pair["refresh"]})) == (401, "TOKEN_INVALID")


@pytest.mark.parametrize("token", ["", None, 7, [], {}, "x", "a.b", "A" * 101])
def test_odd_tokens_are_refused(api, token):
    UserFactory(is_verified=False)

    assert api.post(VERIFY, {"token": token}).status_code == 400
    assert not User.objects.get().is_verified


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (VERIFY, {}),
        (VERIFY, {"token": "a.b", "more": 1}),
        (RESEND, {}),
        (RESEND, {"email": "no-address"}),
        (RESEND, {"email": ["ada@example.com"]}),
        (RESEND, {"email": "ada@example.com", "more": 1}),
        ("auth/password-reset", {"email": "no-address"}),
        ("auth/password-reset", {}),
        ("auth/password-reset/confirm", {"token": "a.b"}),
        ("auth/password-reset/confirm", {"new_password": "a long enough phrase"}),
    ],
)
def test_odd_bodies_are_refused(api, path, body):
    assert code(api.post(path, body)) == (400, "VALIDATION_ERROR")


def test_resend_mails_whoever_waits(api):
    user = UserFactory(is_verified=False)

    response = api.post(RESEND, {"email": user.email.upper()})

    assert response.status_code == 202
    assert list(response.json()["data"]) == ["message"]
    (mail,) = deliver()
    assert mail.to == [user.email]
    assert api.post(VERIFY, {"token": secret_in(mail)}).status_code == 200


@pytest.mark.parametrize("path", [VERIFY, RESEND, "auth/password-reset"])
def test_only_post_is_taken(api, path):
    assert api.get(path).status_code == 405


@pytest.mark.req("AUTH-01")
def test_where_addresses_must_be_confirmed_login_says_so_to_everybody(api, settings):
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = True
    user = UserFactory(is_verified=False)

    answers = [
        api.post("auth/login", {"email": user.email, "password": PASSWORD}),
        api.post("auth/login", {"email": user.email, "password": "wrong"}),
        api.post("auth/login", {"email": "nobody@example.com", "password": "wrong"}),
    ]
    assert {code(answer) for answer in answers} == {(401, "INVALID_CREDENTIALS")}
    (sentence,) = {answer.json()["error"]["message"] for answer in answers}
    assert sentence.endswith("or the address is not confirmed yet.")
    api.post(VERIFY, {"token": secret_for(user)})
    assert api.sign_in(user.email, PASSWORD)
