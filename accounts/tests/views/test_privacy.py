"""The pages that hand out and delete what the shop holds about somebody (T099, T100)."""

import json
import time

import pytest
from django.test import Client

from accounts.models import BrowserSession, User
from accounts.sessions import PROVED_AT
from accounts.tests.factories import PASSWORD, UserFactory
from commerce.services import checkout
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-12")]


def browser_of(user, *, proved=True):
    browser = Client()
    browser.force_login(user)
    if proved:
        session = browser.session
        session[PROVED_AT] = int(time.time())
        session.save()
    return browser


def without_password(user):
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user


@pytest.mark.parametrize("path", ["/account/data/", "/account/delete/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_ask_strangers_to_sign_in(client, method, path):
    response = getattr(client, method)(path)

    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={path}")


@pytest.mark.parametrize("path", ["/account/data/", "/account/delete/"])
def test_pages_are_private(path):
    response = browser_of(UserFactory()).get(path)

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.text


def test_download_is_a_file():
    user = UserFactory(full_name="Ada")

    response = browser_of(user).post("/account/data/")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in response["Cache-Control"]
    assert json.loads(response.content)["data"]["profile"]["full_name"] == "Ada"


def test_download_asks_for_a_fresh_proof_first():
    response = browser_of(UserFactory(), proved=False).post("/account/data/")

    assert response.status_code == 303
    assert response["Location"] == "/account/confirm/?next=%2Faccount%2Fdata%2F"
    assert AuditEntry.objects.count() == 0


def test_deleting_ends_every_session_and_says_goodbye():
    user = UserFactory()
    here, elsewhere = browser_of(user, proved=False), browser_of(user)

    response = here.post("/account/delete/", {"password": PASSWORD}, follow=True)

    assert response.redirect_chain == [("/account/goodbye/", 303)]
    assert "Your account is deleted" in response.text
    assert User.objects.count() == 0
    assert BrowserSession.objects.count() == 0
    for browser in (here, elsewhere):
        assert browser.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("", "Enter your password."), ("not the password", "This is not your current password.")],
)
def test_form_is_shown_again_without_the_password(password, sentence):
    user = UserFactory()
    browser = browser_of(user)

    response = browser.post("/account/delete/", {"password": password})

    assert response.status_code == 422
    assert "<title>Error:" in response.text
    assert sentence in response.text
    assert "not the password" not in response.text
    assert User.objects.get() == user
    assert browser.get("/account/").status_code == 200


def test_order_under_way_keeps_the_account():
    user = user_with_cart(stocked_book(WarehouseFactory(), 5))
    checkout.check_out(user=user, request=DELIVERY)

    response = browser_of(user).post("/account/delete/", {"password": PASSWORD})

    assert response.status_code == 409
    assert "still under way" in response.text
    assert User.objects.get() == user


def test_account_without_password_is_asked_for_a_proof_instead():
    user = without_password(UserFactory())
    late = browser_of(user, proved=False)

    assert 'type="password"' not in late.get("/account/delete/").text
    response = late.post("/account/delete/")
    assert response.status_code == 303
    assert response["Location"] == "/account/confirm/?next=%2Faccount%2Fdelete%2F"
    assert User.objects.get() == user

    assert browser_of(user).post("/account/delete/")["Location"] == "/account/goodbye/"
    assert User.objects.count() == 0


def test_forms_need_the_csrf_token():
    user = UserFactory()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)

    for path in ("/account/data/", "/account/delete/"):
        assert browser.post(path, {"password": PASSWORD}).status_code == 403
    assert User.objects.get() == user


def test_hub_leads_to_both_pages():
    page = browser_of(UserFactory()).get("/account/").text

    assert 'href="/account/data/"' in page
    assert 'href="/account/delete/"' in page
