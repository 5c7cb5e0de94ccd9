"""The second question in the browser."""

import pytest
from django.test import Client

from accounts.models import OneTimeToken
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.second_factors import (
    SoftKey,
    give_app,
    give_passkey,
    next_code,
    recovery_codes_of,
    wrong_code,
)
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10")]
LOGIN, ANSWER = "/account/login/", "/account/login/second-factor/"
HERE = "http://testserver"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def sealed(user):
    return give_app(user)


def password_given(client, **said):
    return client.post(LOGIN, {"email": "ada@example.com", "password": PASSWORD, **said})


def who(client):
    response = client.get("/account/")
    return response.context["user"].email if response.status_code == 200 else None


def asked(client, purpose):
    return client.post(f"/account/passkeys/{purpose}/")


def test_password_leads_to_the_question_and_the_code_on(client, user, sealed):
    response = password_given(client, next="/cart/")
    assert (response.status_code, response["Location"]) == (303, f"{ANSWER}?next=%2Fcart%2F")
    assert who(client) is None

    page = client.get(response["Location"])
    html = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert 'autocomplete="one-time-code"' in html
    assert 'inputmode="numeric"' in html
    assert "data-passkey" not in html
    assert "noindex" in html

    done = client.post(ANSWER, {"code": next_code(sealed), "next": "/cart/"})
    assert (done.status_code, done["Location"]) == (303, "/cart/")
    assert who(client) == "ada@example.com"


def test_sign_in_changes_the_session_key_and_forgets_the_challenge(client, user, sealed):
    password_given(client)
    before = client.session.session_key

    client.post(ANSWER, {"code": next_code(sealed)})

    assert client.session.session_key != before
    assert "second_factor_challenge" not in client.session


def test_recovery_code_goes_into_the_same_field(client, user, sealed):
    password_given(client)

    assert client.post(ANSWER, {"code": recovery_codes_of(user)[0]}).status_code == 303
    assert who(client) == "ada@example.com"


@pytest.mark.parametrize("code", ["", "x" * 51, "000 000 000"])
def test_what_is_no_code_is_said_at_the_field(client, user, sealed, code):
    password_given(client)

    response = client.post(ANSWER, {"code": code})

    assert response.status_code == 422
    html = response.content.decode()
    assert 'href="#id_code"' in html
    assert "<title>Error: One more step" in html
    assert who(client) is None


def test_five_wrong_codes_lead_back_to_the_password(client, user, sealed):
    password_given(client)
    for _ in range(5):
        assert client.post(ANSWER, {"code": wrong_code(sealed)}).status_code == 422

    response = client.post(ANSWER, {"code": next_code(sealed), "next": "/cart/"})

    assert (response.status_code, response["Location"]) == (303, f"{LOGIN}?next=%2Fcart%2F")
    assert "too many codes were wrong" in client.get(LOGIN).content.decode()
    assert who(client) is None


def test_question_without_a_password_leads_to_the_password(client):
    for response in (client.get(ANSWER), client.post(ANSWER, {"code": "123456"})):
        assert (response.status_code, response["Location"]) == (303, LOGIN)


@pytest.mark.req("AUTH-08")
def test_question_says_when_to_try_again(client, user, sealed, rate_limits):
    for _ in range(4):
        password_given(client)
        for _ in range(5):
            client.post(ANSWER, {"code": wrong_code(sealed)})
    password_given(client)

    response = client.post(ANSWER, {"code": next_code(sealed)})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert who(client) is None


def test_challenge_of_one_browser_is_none_of_anothers(client, user, sealed):
    password_given(client)
    other = Client()

    assert other.post(ANSWER, {"code": next_code(sealed)})["Location"] == LOGIN
    assert who(other) is None


def test_passkey_answers_the_question_once(client, user):
    key = give_passkey(user)
    key.origin = HERE
    password_given(client)
    assert 'data-passkey="get"' in client.get(ANSWER).content.decode()
    options = asked(client, "second-factor").json()
    assert options["rpId"] == "testserver"
    assert len(options["allowCredentials"]) == 1

    signed = key.sign(options)
    assert client.post(ANSWER, {"credential": signed})["Location"] == "/"
    assert who(client) == "ada@example.com"
    password_given(other := Client())
    assert other.post(ANSWER, {"credential": signed}).status_code == 422
    assert who(other) is None


def test_passkey_signs_in_without_a_password(client, user):
    key = give_passkey(user)
    key.origin = HERE
    signed = key.sign(asked(client, "sign-in").json())

    response = client.post("/account/login/passkey/", {"credential": signed, "next": "/cart/"})

    assert (response.status_code, response["Location"]) == (303, "/cart/")
    assert who(client) == "ada@example.com"
    entry = AuditEntry.objects.get(action="auth.login_succeeded")
    assert entry.context == {"proof": "passkey"}


def test_answer_is_good_for_its_own_question_only(client, user):
    key = give_passkey(user)
    key.origin = HERE
    password_given(client)
    for purpose in ("second-factor", "nothing"):
        options = asked(client, "sign-in").json()
        signed = key.sign(options)
        if purpose == "second-factor":
            asked(client, purpose)
        else:
            client.post("/account/login/passkey/", {"credential": "{}"})
        response = client.post("/account/login/passkey/", {"credential": signed})
        assert response.status_code == 422
        assert "This passkey was not accepted." in response.content.decode()
    assert who(client) is None


def test_passkey_of_a_stranger_is_refused_on_the_sign_in_page(client, user):
    key = SoftKey(HERE)
    key.user_handle = user.pk.bytes
    signed = key.sign(asked(client, "sign-in").json())

    response = client.post("/account/login/passkey/", {"credential": signed})

    assert response.status_code == 422
    assert "<title>Error: Sign in" in response.content.decode()
    assert client.get("/account/login/passkey/")["Location"] == LOGIN


def test_questions_need_the_token_the_method_and_a_purpose(client, user):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/account/passkeys/sign-in/").status_code == 403
    assert client.get("/account/passkeys/sign-in/").status_code == 405
    assert asked(client, "second-factor").json()["error"]["code"] == "CHALLENGE_INVALID"
    assert asked(client, "add").status_code == 401
    client.force_login(user)
    assert asked(client, "nonsense").status_code == 404
    refused = asked(client, "add")
    assert (refused.status_code, refused.json()["error"]["code"]) == (
        403,
        "REAUTHENTICATION_REQUIRED",
    )


def test_spent_challenge_is_no_way_back(client, user, sealed):
    password_given(client)
    code = recovery_codes_of(user)[0]
    client.post(ANSWER, {"code": code})
    client.post("/account/logout/")

    assert client.get(ANSWER)["Location"] == LOGIN
    assert OneTimeToken.objects.filter(used_at=None).count() == 0
