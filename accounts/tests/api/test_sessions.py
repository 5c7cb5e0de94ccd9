import pytest

from accounts.models import BrowserSession, RefreshFamily
from accounts.services import tokens
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-04")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


def shown(api):
    response = api.get("auth/sessions")
    assert response.status_code == 200, response.content
    assert "no-store" in response["Cache-Control"]
    return response.json()


def test_sessions_need_somebody(api):
    assert api.get("auth/sessions").status_code == 401
    assert api.delete("auth/sessions/" + "a" * 32).status_code == 401


def test_sessions_show_places_and_which_one_asks(api, user, client):
    api.headers["User-Agent"] = FIREFOX
    api.sign_in("ada@example.com", PASSWORD)
    client.force_login(user)

    body = shown(api)

    assert [(s["kind"], s["device"], s["is_current"]) for s in body["data"]] == [
        ("app", "Firefox on Linux", True),
        ("browser", "", False),
    ]
    assert sorted(body["data"][0]) == [
        "created_at",
        "device",
        "id",
        "is_current",
        "kind",
        "seen_at",
    ]
    assert body["pagination"]["total"] == 2
    secrets = [BrowserSession.objects.get().session_key, str(RefreshFamily.objects.get().pk)]
    assert [secret for secret in secrets if secret in str(body)] == []
    from_browser = client.get("/api/v1/auth/sessions").json()["data"]
    assert [(s["kind"], s["is_current"]) for s in from_browser] == [
        ("browser", True),
        ("app", False),
    ]


def test_sessions_take_a_page_like_every_list(api, user):
    api.sign_in("ada@example.com", PASSWORD)
    tokens.issue_pair(user=user)

    response = api.get("auth/sessions", query={"page": 2, "size": 1})
    assert len(response.json()["data"]) == 1
    assert api.get("auth/sessions", query={"page": 3, "size": 1}).status_code == 404
    assert api.get("auth/sessions", query={"size": 101}).status_code == 400
    assert api.get("auth/sessions", query={"user": "x"}).status_code == 400


def test_session_ends_at_once(api, user, client):
    api.sign_in("ada@example.com", PASSWORD)
    client.force_login(user)
    there = shown(api)["data"][1]["id"]

    response = api.delete(f"auth/sessions/{there}")

    assert (response.status_code, response.content) == (204, b"")
    assert client.get("/api/v1/users/me").status_code == 401
    assert len(shown(api)["data"]) == 1
    assert api.delete(f"auth/sessions/{there}").status_code == 404


def test_session_that_asks_may_end_itself(api, user):
    pair = api.sign_in("ada@example.com", PASSWORD)
    here = shown(api)["data"][0]["id"]

    assert api.delete(f"auth/sessions/{here}").status_code == 204

    assert api.get("users/me").status_code == 401
    assert api.post("auth/refresh", {"refresh": pair["refresh"]}).status_code == 401


@pytest.mark.req("AUTH-09")
def test_session_of_another_is_404(api, user, client):
    other = UserFactory()
    client.force_login(other)
    tokens.issue_pair(user=other)
    theirs = [s["id"] for s in client.get("/api/v1/auth/sessions").json()["data"]]
    api.sign_in("ada@example.com", PASSWORD)

    for name in [*theirs, "nonsense", "0" * 32]:
        response = api.delete(f"auth/sessions/{name}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "NOT_FOUND")

    assert client.get("/api/v1/users/me").status_code == 200
    assert RefreshFamily.objects.filter(user=other, revoked_at=None).count() == 1
