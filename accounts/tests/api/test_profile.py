import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(api):
    user = UserFactory(email="ada@example.com", full_name="Ada")
    api.sign_in("ada@example.com", PASSWORD)
    return user


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize("method", ["get", "patch"])
def test_me_needs_somebody(api, method):
    response = getattr(api, method)("users/me")

    assert response.status_code == 401
    assert response.json()["error"]["code"] == "NOT_AUTHENTICATED"
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.req("AUTH-05")
def test_me_is_the_signed_in_user(api, user, django_assert_num_queries):
    UserFactory()

    with django_assert_num_queries(1):
        response = api.get("users/me")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response.json()["data"] == {
        "id": str(user.pk),
        "email": "ada@example.com",
        "full_name": "Ada",
        "role": "CUSTOMER",
        "is_verified": True,
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
    }


@pytest.mark.req("AUTH-12")
def test_patch_changes_the_name_only(api, user):
    before = User.objects.values().get()

    response = api.patch("users/me", {"full_name": "  Ada\tKing "})

    assert response.status_code == 200
    assert response.json()["data"]["full_name"] == "Ada King"
    assert User.objects.values().get() == before | {"full_name": "Ada King"}
    assert api.patch("users/me", {}).json()["data"]["full_name"] == "Ada King"
    assert api.patch("users/me", {"full_name": ""}).json()["data"]["full_name"] == ""


@pytest.mark.req("AUTH-12")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "ADMIN"}, "role"),
        ({"email": "other@example.com"}, "email"),
        ({"is_verified": True}, "is_verified"),
        ({"full_name": None}, "full_name"),
        ({"full_name": "n" * 151}, "full_name"),
        ({"full_name": "bell\x07"}, "full_name"),
        ({"full_name": {}}, "full_name"),
    ],
)
def test_patch_refuses_and_changes_nothing(api, user, body, field):
    before = User.objects.values().get()

    response = api.patch("users/me", body)

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == [field]
    assert User.objects.values().get() == before


@pytest.mark.req("BASE-06")
def test_patch_by_session_needs_the_csrf_token(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)

    response = browser.patch(
        "/api/v1/users/me", {"full_name": "Mallory"}, content_type="application/json"
    )

    assert response.status_code == 403
    assert User.objects.get().full_name == "Ada"
