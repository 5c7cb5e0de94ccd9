import pytest

from accounts.models import RefreshFamily
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.second_factors import give_app, next_code, recovery_codes_of, wrong_code

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10")]
LOGIN, ANSWER = "auth/login", "auth/login/second-factor"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def sealed(user):
    return give_app(user)


def challenge(api):
    response = api.post(LOGIN, {"email": "ada@example.com", "password": PASSWORD})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    error = response.json()["error"]
    assert (error["code"], list(error["details"])) == ("SECOND_FACTOR_REQUIRED", ["challenge"])
    return error["details"]["challenge"]


def test_challenge_and_code_make_a_pair(api, user, sealed):
    response = api.post(ANSWER, {"challenge": challenge(api), "code": next_code(sealed)})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    pair = response.json()["data"]
    assert (pair["user"]["email"], pair["access_expires_in"]) == ("ada@example.com", 900)
    api.headers["Authorization"] = f"Bearer {pair['access']}"
    assert api.get("users/me").status_code == 200
    assert api.post("auth/refresh", {"refresh": pair["refresh"]}).status_code == 200


def test_recovery_code_makes_a_pair_once(api, user, sealed):
    code = recovery_codes_of(user)[0]

    assert api.post(ANSWER, {"challenge": challenge(api), "code": code}).status_code == 200
    assert api.post(ANSWER, {"challenge": challenge(api), "code": code}).status_code == 401


def test_login_alone_makes_no_pair(api, user, sealed):
    challenge(api)

    assert RefreshFamily.objects.count() == 0


def test_wrong_code_leaves_the_challenge_until_the_fifth(api, user, sealed):
    asked = challenge(api)
    wrong = {"challenge": asked, "code": wrong_code(sealed)}
    for _ in range(5):
        response = api.post(ANSWER, wrong)
        assert (response.status_code, response.json()["error"]["code"]) == (401, "INVALID_CODE")

    response = api.post(ANSWER, {"challenge": asked, "code": next_code(sealed)})

    assert (response.status_code, response.json()["error"]["code"]) == (401, "CHALLENGE_INVALID")
    assert response["WWW-Authenticate"] == "Bearer"
    assert RefreshFamily.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["challenge", "code"]),
        ({"challenge": "x", "code": ""}, ["code"]),
        ({"challenge": "x", "code": "1" * 51}, ["code"]),
        ({"challenge": "x" * 101, "code": "1"}, ["challenge"]),
        ({"challenge": "x", "code": "1", "user": "y"}, ["user"]),
        ({"challenge": ["x"], "code": {"a": 1}}, ["challenge", "code"]),
    ],
)
def test_bodies_are_checked(api, body, fields):
    response = api.post(ANSWER, body)

    assert response.status_code == 400
    assert sorted(response.json()["error"]["details"]) == fields
