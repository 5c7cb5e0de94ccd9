"""Where staff must have a second factor: every role, through the browser, the API and the desk."""

import pytest
from django.test import Client

from accounts.sessions import PROVED_AT
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.second_factors import code_of, give_app, next_code
from core.errors import SecondFactorMissing
from core.http.permissions import needs
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10", "AUTH-05")]
STAFF = [Role.EMPLOYEE, Role.MANAGER, Role.ADMIN]
LOGIN, ANSWER, APP = "/account/login/", "/account/login/second-factor/", "/account/security/app/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


@pytest.fixture(params=STAFF)
def user(request):
    return UserFactory(email="ada@example.com", role=request.param)


def sign_in(client, wanted=""):
    said = {"email": "ada@example.com", "password": PASSWORD, "next": wanted}
    return client.post(LOGIN, said)


def test_staff_without_one_sign_in_and_are_led_to_adding_one(client, user):
    assert sign_in(client, "/admin/")["Location"] == "/admin/"

    page = client.get("/admin/", follow=True)

    assert page.status_code == 403
    html = page.content.decode()
    assert "Add a second factor first" in html
    assert f'href="{APP}"' in html
    assert 'href="/account/security/passkeys/"' in html
    assert client.get("/account/").status_code == 200
    assert "/admin/" not in client.get("/account/").content.decode()
    assert "your role needs" in client.get("/account/security/").content.decode().lower()


@pytest.mark.parametrize("path", ["/admin/accounts/user/", "/admin/accounts/user/add/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_of_the_desk_opens(client, user, path, method):
    sign_in(client)

    assert getattr(client, method)(path)["Location"].startswith("/admin/login/")


def test_enrolment_opens_the_desk_in_the_same_browser(client, user):
    sign_in(client)
    assert client.get(APP).status_code == 200
    sealed = client.session["authenticator_app_begun"]

    response = client.post(APP, {"code": code_of(sealed)}, follow=True)

    assert "To the staff desk" in response.content.decode()
    assert client.get("/admin/").status_code == 200
    other = Client()
    assert sign_in(other, "/admin/")["Location"] == f"{ANSWER}?next=%2Fadmin%2F"
    done = other.post(ANSWER, {"code": next_code(sealed), "next": "/admin/"}, follow=True)
    assert (done.status_code, done.request["PATH_INFO"]) == (200, "/admin/")


def test_password_alone_never_opens_the_desk(client, user):
    give_app(user)
    sign_in(client, "/admin/")

    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    door = client.get("/admin/", follow=True)
    assert door.request["PATH_INFO"] == LOGIN


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_api_says_why_it_stays_closed(api, role):
    UserFactory(email="ada@example.com", role=role)
    api.sign_in("ada@example.com", PASSWORD)

    response = api.get("admin/users")

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (403, "SECOND_FACTOR_ENROLMENT_REQUIRED")
    assert "Add one on the security page" in error["message"]
    assert api.get("users/me").status_code == 200


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_api_opens_with_one(api, role):
    sealed = give_app(UserFactory(email="ada@example.com", role=role))
    asked = api.post("auth/login", {"email": "ada@example.com", "password": PASSWORD})
    challenge = asked.json()["error"]["details"]["challenge"]
    pair = api.post(
        "auth/login/second-factor", {"challenge": challenge, "code": next_code(sealed)}
    ).json()["data"]
    api.headers["Authorization"] = f"Bearer {pair['access']}"

    assert api.get("admin/users").status_code == 200


@pytest.mark.parametrize("role", STAFF)
def test_every_staff_role_is_told_at_what_it_might_do(rf, role):
    user = UserFactory(role=role)
    request = rf.get("/api/v1/ops/orders")
    request.user = user
    permission = needs("commerce.view_order")()

    with pytest.raises(SecondFactorMissing):
        permission.has_permission(request, None)
    give_app(user)
    assert permission.has_permission(request, None) is True


def test_api_says_no_more_than_the_role_is_wrong_to_who_would_not_be_let_in_anyway(api):
    UserFactory(email="ada@example.com", role=Role.EMPLOYEE)
    api.sign_in("ada@example.com", PASSWORD)

    error = api.get("admin/users").json()["error"]

    assert error["code"] == "PERMISSION_DENIED"


def test_readers_are_asked_for_nothing(client, api):
    UserFactory(email="ada@example.com")
    sign_in(client)

    assert client.get("/account/").status_code == 200
    assert "Not for this account" in client.get("/admin/", follow=True).content.decode()
    api.sign_in("ada@example.com", PASSWORD)
    assert api.get("admin/users").json()["error"]["code"] == "PERMISSION_DENIED"


def test_where_it_is_optional_staff_come_in_without(client, user, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client)

    assert client.get("/admin/").status_code == 200


def test_session_of_before_the_setting_acts_as_a_customers(client, user, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client)
    assert client.get("/admin/").status_code == 200
    settings.STAFF_SECOND_FACTOR_REQUIRED = True

    assert client.get("/admin/", follow=True).status_code == 403
    assert client.session[PROVED_AT] > 0
