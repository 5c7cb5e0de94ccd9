import pytest

from accounts.models import User
from accounts.services import registration
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
GOOD = {"email": "Ada@Example.com", "password": "a long enough phrase", "full_name": "Ada L."}


@pytest.mark.req("AUTH-01")
def test_register_answers_with_the_user(api):
    response = api.post("auth/register", GOOD)

    assert response.status_code == 201
    data = response.json()["data"]
    created_at = data.pop("created_at")
    assert data == {
        "id": str(User.objects.get().pk),
        "email": "ada@example.com",
        "full_name": "Ada L.",
        "role": "CUSTOMER",
        "is_verified": False,
    }
    assert created_at.endswith("Z")
    assert api.sign_in("ada@example.com", GOOD["password"])["user"]["id"] == data["id"]


@pytest.mark.req("AUTH-01")
def test_register_looks_the_same_for_a_known_address(api):
    UserFactory(email="known@example.com")
    before = list(User.objects.values())

    known = api.post("auth/register", GOOD | {"email": "known@example.com"})
    assert list(User.objects.values()) == before
    fresh = api.post("auth/register", GOOD | {"email": "fresh@example.com"})

    assert known.status_code == fresh.status_code == 201
    assert shape(known) == shape(fresh)
    assert api.post("auth/login", {"email": "known@example.com", "password": GOOD["password"]}
        ).status_code == 401  # fmt: skip


def shape(response):
    """Return an answer without what differs between any two registrations."""
    headers = {k: v for k, v in response.headers.items() if k not in {"X-Request-Id", "Expires"}}
    data = {k: v for k, v in response.json()["data"].items() if k not in {"id", "created_at"}}
    lengths = {key: len(value) for key, value in response.json()["data"].items() if key == "id"}
    return headers.keys(), data | {"email": ""}, lengths, response.cookies


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": None}, "email"),
        ({"email": ""}, "email"),
        ({"email": 7}, "email"),
        ({"email": ["ada@example.com"]}, "email"),
        ({"email": {"address": "ada@example.com"}}, "email"),
        ({"email": "no-address"}, "email"),
        ({"email": "a" * 300 + "@example.com"}, "email"),
        ({"email": "\u212aelvin@example.com"}, "email"),
        ({"email": "ada@example.com\r\nBcc: all@example.com"}, "email"),
        ({"password": None}, "password"),
        ({"password": ""}, "password"),
        ({"password": True}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "ada@example.com"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"password": "x" * 10_000}, "password"),
        ({"full_name": None}, "full_name"),
        ({"full_name": "n" * 151}, "full_name"),
        ({"full_name": ["Ada"]}, "full_name"),
        ({"full_name": "bell\x07"}, "full_name"),
        ({"role": "ADMIN"}, "role"),
        ({"is_verified": True}, "is_verified"),
    ],
)
def test_register_refuses_and_stores_nothing(api, change, field):
    response = api.post("auth/register", GOOD | change)

    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "VALIDATION_ERROR"
    assert list(error["details"]) == [field]
    assert User.objects.count() == 0


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize("field", ["email", "password", "full_name"])
@pytest.mark.parametrize("odd", ["nul\x00@example.com", "half\ud800@example.com"])
def test_register_refuses_what_is_not_text(api, field, odd):
    response = api.post("auth/register", GOOD | {field: odd})

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "MALFORMED_REQUEST"
    assert User.objects.count() == 0


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize("body", [[], [GOOD], "text", 7, {}])
def test_register_refuses_other_shapes(api, body):
    response = api.post("auth/register", body)

    assert response.status_code == 400
    assert User.objects.count() == 0


@pytest.mark.req("AUTH-08")
def test_register_says_when_to_try_again(api, rate_limits):
    limit = registration.REGISTRATIONS.attempts
    for number in range(limit):
        api.post("auth/register", GOOD | {"email": f"reader{number}@example.com"})

    response = api.post(
        "auth/register", GOOD, headers={"X-Forwarded-For": "198.51.100.1", "X-Real-IP": "1.2.3.4"}
    )

    assert response.status_code == 429
    assert response.json()["error"]["code"] == "RATE_LIMITED"
    assert 0 < int(response["Retry-After"]) <= 3600
    assert response["RateLimit-Limit"] == str(limit)
    assert User.objects.count() == limit


@pytest.mark.req("AUTH-08")
def test_register_is_503_while_attempts_cannot_be_counted(api, rate_limits, redis_is_down):
    response = api.post("auth/register", GOOD)

    assert response.status_code == 503
    assert response.json()["error"]["code"] == "SERVICE_UNAVAILABLE"
    assert int(response["Retry-After"]) > 0
    assert User.objects.count() == 0
