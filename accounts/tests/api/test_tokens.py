import pytest

from accounts.models import RefreshFamily, User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.forgery import signed
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com", full_name="Ada")


def refusal(response, status, code):
    """Check an error's status, code and headers; return its body without the request's id."""
    assert response.status_code == status, response.content
    error = response.json()["error"]
    assert error["code"] == code
    assert response.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)
    return {key: value for key, value in error.items() if key != "request_id"}


@pytest.mark.req("AUTH-02")
def test_login_answers_with_a_pair(api, user):
    response = api.post("auth/login", {"email": "ADA@example.com", "password": PASSWORD})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}
    pair = response.json()["data"]
    assert sorted(pair) == ["access", "access_expires_in", "refresh", "user"]
    assert pair["access_expires_in"] == 900
    assert pair["user"]["email"] == "ada@example.com"
    me = api.get("users/me", headers={"Authorization": f"Bearer {pair['access']}"})
    assert me.json()["data"] == pair["user"]


@pytest.mark.req("AUTH-02")
def test_login_refuses_alike_whatever_is_wrong(api, user):
    UserFactory(email="gone@example.com", is_active=False)

    answers = [
        api.post("auth/login", {"email": email, "password": password})
        for email, password in [
            ("ada@example.com", "wrong"),
            ("nobody@example.com", PASSWORD),
            ("gone@example.com", PASSWORD),
        ]
    ]

    bodies = [refusal(answer, 401, "INVALID_CREDENTIALS") for answer in answers]
    assert bodies[0] == bodies[1] == bodies[2]
    headers = [
        {k: v for k, v in answer.headers.items() if k not in {"X-Request-Id", "Expires"}}
        for answer in answers
    ]
    assert headers[0] == headers[1] == headers[2]
    assert RefreshFamily.objects.count() == 0


@pytest.mark.req("AUTH-02")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "x"}, "email"),
        ({"email": "ada@example.com"}, "password"),
        ({"email": "", "password": "x"}, "email"),
        ({"email": "no-address", "password": "x"}, "email"),
        ({"email": "a" * 300 + "@example.com", "password": "x"}, "email"),
        ({"email": ["ada@example.com"], "password": "x"}, "email"),
        ({"email": "ada@example.com", "password": ""}, "password"),
        ({"email": "ada@example.com", "password": {"$ne": ""}}, "password"),
        ({"email": "ada@example.com", "password": "x" * 129}, "password"),
        ({"email": "ada@example.com", "password": "x", "next": "/"}, "next"),
    ],
)
def test_login_names_the_field_that_is_wrong(api, user, body, field):
    error = refusal(api.post("auth/login", body), 400, "VALIDATION_ERROR")

    assert list(error["details"]) == [field]
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("AUTH-02")
@pytest.mark.parametrize("field", ["email", "password"])
@pytest.mark.parametrize("odd", ["nul\x00@example.com", "half\ud800@example.com"])
def test_login_refuses_what_is_not_text(api, field, odd):
    body = {"email": "ada@example.com", "password": PASSWORD} | {field: odd}

    refusal(api.post("auth/login", body), 400, "MALFORMED_REQUEST")


@pytest.mark.req("AUTH-03")
def test_refresh_rotates_and_reuse_kills_the_family(api, user):
    first = api.sign_in("ada@example.com", PASSWORD)

    second = api.post("auth/refresh", {"refresh": first["refresh"]})
    assert second.status_code == 200
    assert "no-store" in second["Cache-Control"]
    second = second.json()["data"]
    assert sorted(second) == ["access", "access_expires_in", "refresh", "user"]
    assert second["refresh"] != first["refresh"]

    again = api.post("auth/refresh", {"refresh": first["refresh"]})
    refusal(again, 401, "TOKEN_REUSED")
    refusal(api.post("auth/refresh", {"refresh": second["refresh"]}), 401, "TOKEN_REUSED")
    bearer = {"Authorization": f"Bearer {second['access']}"}
    refusal(api.get("users/me", headers=bearer), 401, "TOKEN_INVALID")
    assert AuditEntry.objects.filter(action="auth.token_reused").count() == 1


@pytest.mark.req("AUTH-03")
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "VALIDATION_ERROR"),
        ({"refresh": ""}, 400, "VALIDATION_ERROR"),
        ({"refresh": None}, 400, "VALIDATION_ERROR"),
        ({"refresh": ["x"]}, 400, "VALIDATION_ERROR"),
        ({"refresh": "x", "user": "y"}, 400, "VALIDATION_ERROR"),
        ({"refresh": "x\x00"}, 400, "MALFORMED_REQUEST"),
        ({"refresh": "x"}, 401, "TOKEN_INVALID"),
        ({"refresh": "a.b.c"}, 401, "TOKEN_INVALID"),
        ({"refresh": "é.é.é"}, 401, "TOKEN_INVALID"),
        ({"refresh": "A" * 100_000}, 401, "TOKEN_INVALID"),
    ],
)
@pytest.mark.parametrize("path", ["auth/refresh", "auth/logout"])
def test_refresh_and_logout_refuse_what_is_no_token(api, path, body, status, code):
    refusal(api.post(path, body), status, code)


@pytest.mark.req("AUTH-04")
def test_logout_ends_this_sign_in(api, user):
    other = api.sign_in("ada@example.com", PASSWORD)
    pair = api.sign_in("ada@example.com", PASSWORD)

    response = api.post("auth/logout", {"refresh": pair["refresh"]})

    assert (response.status_code, response.content) == (204, b"")
    refusal(api.get("users/me"), 401, "TOKEN_INVALID")
    refusal(api.post("auth/refresh", {"refresh": pair["refresh"]}), 401, "TOKEN_INVALID")
    assert api.post("auth/logout", {"refresh": pair["refresh"]}).status_code == 204
    assert api.post("auth/refresh", {"refresh": other["refresh"]}).status_code == 200


@pytest.mark.req("AUTH-04")
def test_logout_all_ends_tokens_and_sessions(api, user, client):
    pairs = [api.sign_in("ada@example.com", PASSWORD) for _ in range(2)]
    client.force_login(user)
    assert client.get("/api/v1/users/me").status_code == 200

    response = api.post("auth/logout-all")

    assert (response.status_code, response.content) == (204, b"")
    for pair in pairs:
        bearer = {"Authorization": f"Bearer {pair['access']}"}
        refusal(api.get("users/me", headers=bearer), 401, "TOKEN_INVALID")
        refusal(api.post("auth/refresh", {"refresh": pair["refresh"]}), 401, "TOKEN_INVALID")
    assert client.get("/api/v1/users/me").status_code == 401
    assert api.sign_in("ada@example.com", PASSWORD)


@pytest.mark.req("AUTH-05")
def test_logout_all_needs_somebody(api):
    refusal(api.post("auth/logout-all"), 401, "NOT_AUTHENTICATED")


@pytest.mark.req("AUTH-02")
def test_login_and_refresh_ignore_a_dead_bearer_token(api, user):
    api.headers["Authorization"] = "Bearer dead"

    pair = api.sign_in("ada@example.com", PASSWORD)
    api.headers["Authorization"] = "Bearer dead"

    assert api.post("auth/refresh", {"refresh": pair["refresh"]}).status_code == 200


@pytest.mark.req("AUTH-08")
def test_login_says_when_to_try_again(api, rate_limits, user):
    body = {"email": "ada@example.com", "password": "wrong"}
    for number in range(10):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        refusal(api.post("auth/login", body, headers=headers), 401, "INVALID_CREDENTIALS")

    response = api.post("auth/login", body | {"password": PASSWORD})

    refusal(response, 429, "RATE_LIMITED")
    assert 0 < int(response["Retry-After"]) <= 60
    assert response["RateLimit-Limit"] == "10"
    assert RefreshFamily.objects.count() == 0


@pytest.mark.req("AUTH-08")
def test_login_is_503_while_attempts_cannot_be_counted(api, rate_limits, redis_is_down, user):
    body = {"email": "ada@example.com", "password": PASSWORD}

    response = api.post("auth/login", body)

    refusal(response, 503, "SERVICE_UNAVAILABLE")
    assert int(response["Retry-After"]) > 0
    assert RefreshFamily.objects.count() == 0


@pytest.mark.req("AUTH-04")
def test_access_of_a_deleted_user_is_401(api, user):
    pair = api.sign_in("ada@example.com", PASSWORD)
    User.objects.all().delete()

    refusal(api.get("users/me"), 401, "TOKEN_INVALID")
    refusal(api.post("auth/refresh", {"refresh": pair["refresh"]}), 401, "TOKEN_INVALID")


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "NOT_AUTHENTICATED"),
        ("Basic YWRhOnB3", "NOT_AUTHENTICATED"),
        ("Bearer", "TOKEN_INVALID"),
        ("Bearer ", "TOKEN_INVALID"),
        ("bearer x", "TOKEN_INVALID"),
        ("Bearer a b", "TOKEN_INVALID"),
        ("Bearer \xff\xfe", "TOKEN_INVALID"),
        ("Bearer " + "A" * 100_000, "TOKEN_INVALID"),
    ],
)
def test_bearer_header_that_proves_nothing_is_401(api, header, code):
    refusal(api.get("users/me", headers={"Authorization": header}), 401, code)


@pytest.mark.req("AUTH-02")
def test_expired_access_says_so(api, user):
    pair = api.sign_in("ada@example.com", PASSWORD)
    bearer = {"Authorization": f"Bearer {signed({'exp': 1}, base=pair['access'])}"}

    refusal(api.get("users/me", headers=bearer), 401, "TOKEN_EXPIRED")
