"""Moving to another address, over the API."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import deliver, link_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
ASK = "auth/change-email"
BODY = {"password": PASSWORD, "email": "new@example.com"}


@pytest.fixture
def reader(api):
    """Somebody signed in with `api`."""
    user = UserFactory(email="old@example.com")
    api.sign_in(user.email, PASSWORD)
    return user


@pytest.mark.req("AUTH-04")
def test_a_change_asked_for_here_is_confirmed_in_the_browser(api, reader):
    response = api.post(ASK, BODY)
    assert response.status_code == 202
    link, notice = deliver()
    assert (link.to, notice.to) == (["new@example.com"], ["old@example.com"])

    browser = Client()
    browser.force_login(reader)
    assert browser.post(link_in(link)).status_code == 303

    assert User.objects.get().email == "new@example.com"
    assert api.get("users/me").status_code == 401
    assert api.sign_in("new@example.com", PASSWORD)


def test_an_address_that_has_an_account_gets_the_same_answer(api, reader):
    UserFactory(email="known@example.com")

    known, fresh = (
        api.post(ASK, BODY | {"email": email})
        for email in ("known@example.com", "fresh@example.com")
    )

    assert (known.status_code, known.content) == (fresh.status_code, fresh.content)
    assert ["known@example.com"] not in [message.to for message in deliver()]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "wrong"}, 401, "INVALID_CREDENTIALS"),
        ({"password": None}, 400, "VALIDATION_ERROR"),
        ({"email": "no-address"}, 400, "VALIDATION_ERROR"),
        ({"email": "OLD@example.com"}, 400, "VALIDATION_ERROR"),
        ({"is_verified": True}, 400, "VALIDATION_ERROR"),
    ],
)
def test_a_request_that_is_refused_sends_nothing(api, reader, change, status, code):
    response = api.post(ASK, BODY | change)

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert deliver() == []
    assert User.objects.get().email == "old@example.com"
