"""GET /users/me/export and DELETE /users/me (T099, T100)."""

import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import RefreshFamily, User
from accounts.services import data_export
from accounts.sessions import FRESH_SECONDS, PROVED_AT
from accounts.tests.factories import PASSWORD, UserFactory
from core.errors import NotFound
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-12")]


@pytest.fixture
def user(api):
    user = UserFactory(email="ada@example.com", full_name="Ada")
    api.sign_in("ada@example.com", PASSWORD)
    return user


def browser_of(user, *, proved_ago):
    browser = Client()
    browser.force_login(user)
    session = browser.session
    session[PROVED_AT] = int(time.time()) - proved_ago
    session.save()
    return browser


def code_of(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(("method", "path"), [("get", "users/me/export"), ("delete", "users/me")])
def test_strangers_get_and_delete_nothing(api, method, path):
    assert code_of(getattr(api, method)(path)) == (401, "NOT_AUTHENTICATED")


def test_export_is_a_file_in_the_envelope(api, user):
    response = api.get("users/me/export")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    name = f"my-data-{timezone.localdate():%Y-%m-%d}.json"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert list(response.json()) == ["data"]
    profile = response.json()["data"]["profile"]
    assert (profile["email"], profile["full_name"]) == ("ada@example.com", "Ada")


@pytest.mark.parametrize(
    ("proved_ago", "expected"), [(FRESH_SECONDS - 60, 200), (FRESH_SECONDS + 60, 403)]
)
def test_export_asks_a_browser_for_a_fresh_proof(user, proved_ago, expected):
    response = browser_of(user, proved_ago=proved_ago).get("/api/v1/users/me/export")

    assert response.status_code == expected
    if expected == 403:
        assert code_of(response) == (403, "REAUTHENTICATION_REQUIRED")
        assert AuditEntry.objects.filter(action="user.data_exported").count() == 0


def test_delete_is_at_once_and_ends_every_token(api, user):
    refresh = api.post("auth/login", {"email": "ada@example.com", "password": PASSWORD}).json()

    response = api.delete("users/me", {"password": PASSWORD})

    assert (response.status_code, response.content) == (204, b"")
    assert User.objects.count() == 0
    assert code_of(api.get("users/me")) == (401, "TOKEN_INVALID")
    again = api.post("auth/refresh", {"refresh": refresh["data"]["refresh"]})
    assert code_of(again) == (401, "TOKEN_INVALID")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"password": "not the password"}, 401, "INVALID_CREDENTIALS"),
        ({}, 400, "VALIDATION_ERROR"),
        (None, 400, "VALIDATION_ERROR"),
        ({"password": ""}, 400, "VALIDATION_ERROR"),
        ({"password": 5, "sure": True}, 400, "VALIDATION_ERROR"),
    ],
)
def test_delete_refuses_without_the_password(api, user, body, status, code):
    before = User.objects.values().get()

    response = api.delete("users/me", body)

    assert code_of(response) == (status, code)
    assert User.objects.values().get() == before
    assert api.get("users/me").status_code == 200


@pytest.mark.parametrize(("age", "expected"), [(60, 204), (FRESH_SECONDS + 60, 403)])
def test_delete_without_a_password_wants_a_young_sign_in(api, user, age, expected):
    user.set_unusable_password()
    user.save(update_fields=["password"])
    began = timezone.now() - timedelta(seconds=age)
    RefreshFamily.objects.update(created_at=began)

    response = api.delete("users/me")

    assert response.status_code == expected
    assert User.objects.count() == int(expected == 403)


def test_export_of_somebody_deleted_meanwhile_is_not_found(user):
    User.objects.all().delete()

    with pytest.raises(NotFound):
        data_export.export_person(user=user)

    assert not AuditEntry.objects.filter(action="user.data_exported").exists()


@pytest.mark.parametrize(("proved_ago", "expected"), [(60, 204), (FRESH_SECONDS + 60, 403)])
def test_delete_by_a_session_without_a_password_wants_a_fresh_proof(user, proved_ago, expected):
    user.set_unusable_password()
    user.save(update_fields=["password"])
    browser = browser_of(user, proved_ago=proved_ago)

    response = browser.delete("/api/v1/users/me")

    assert response.status_code == expected
    assert User.objects.count() == int(expected == 403)
    assert ("_auth_user_id" in browser.session) == (expected == 403)


def test_delete_by_a_session_needs_the_csrf_token(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)

    response = browser.delete(
        "/api/v1/users/me", {"password": PASSWORD}, content_type="application/json"
    )

    assert response.status_code == 403
    assert User.objects.get() == user
