"""Another password, over the API."""

import pytest

from accounts.enums import TokenPurpose
from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import deliver, secret_for, secret_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
ASK, CONFIRM, CHANGE = "auth/password-reset", "auth/password-reset/confirm", "auth/change-password"
NEW = "quite another phrase"


def code(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.req("AUTH-04")
def test_a_forgotten_password_is_replaced(api):
    user = UserFactory()
    pair = api.sign_in(user.email, PASSWORD)
    api.headers = {}

    assert api.post(ASK, {"email": user.email}).status_code == 202
    (mail,) = deliver()
    body = {"token": secret_in(mail), "new_password": NEW}
    response = api.post(CONFIRM, body)

    assert response.status_code == 200
    assert response.json()["data"]["id"] == str(user.pk)
    assert code(api.post(CONFIRM, body)) == (400, "LINK_INVALID")
    assert code(api.post("auth/refresh", {"refresh": pair["refresh"]}))[0] == 401
    assert code(api.post("auth/login", {"email": user.email, "password": PASSWORD}))[0] == 401
    assert api.sign_in(user.email, NEW)


def test_a_weak_password_leaves_the_link_alive(api):
    user = UserFactory()
    secret = secret_for(user, TokenPurpose.RESET_PASSWORD)

    refused = api.post(CONFIRM, {"token": secret, "new_password": "short"})

    assert code(refused) == (400, "VALIDATION_ERROR")
    assert list(refused.json()["error"]["details"]) == ["new_password"]
    assert api.post(CONFIRM, {"token": secret, "new_password": NEW}).status_code == 200


@pytest.mark.req("AUTH-04")
def test_changing_the_password_hands_out_a_new_pair_and_ends_the_rest(api):
    user = UserFactory()
    elsewhere = api.sign_in(user.email, PASSWORD)
    here = api.sign_in(user.email, PASSWORD)

    response = api.post(CHANGE, {"current_password": PASSWORD, "new_password": NEW})

    assert response.status_code == 200
    pair = response.json()["data"]
    assert sorted(pair) == ["access", "access_expires_in", "refresh", "user"]
    for dead in (elsewhere, here):
        api.headers["Authorization"] = f"Bearer {dead['access']}"
        assert code(api.get("users/me")) == (401, "TOKEN_INVALID")
        assert code(api.post("auth/refresh", {"refresh": dead["refresh"]}))[0] == 401
    api.headers["Authorization"] = f"Bearer {pair['access']}"
    assert api.get("users/me").status_code == 200
    assert api.post("auth/refresh", {"refresh": pair["refresh"]}).status_code == 200


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"current_password": "wrong", "new_password": NEW}, (401, "INVALID_CREDENTIALS")),
        ({"current_password": PASSWORD, "new_password": "short"}, (400, "VALIDATION_ERROR")),
        ({"new_password": NEW}, (400, "VALIDATION_ERROR")),
        ({"current_password": PASSWORD}, (400, "VALIDATION_ERROR")),
        (
            {"current_password": PASSWORD, "new_password": NEW, "role": "ADMIN"},
            (400, "VALIDATION_ERROR"),
        ),
    ],
)
def test_a_change_that_is_refused_changes_nothing(api, body, answer):
    user = UserFactory()
    api.sign_in(user.email, PASSWORD)

    assert code(api.post(CHANGE, body)) == answer

    assert User.objects.get().check_password(PASSWORD)
    assert api.get("users/me").status_code == 200
    assert deliver() == []


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize("path", [CHANGE, "auth/change-email"])
def test_strangers_are_refused(api, path):
    response = api.post(path, {})

    assert code(response) == (401, "NOT_AUTHENTICATED")
    assert response["WWW-Authenticate"] == "Bearer"
