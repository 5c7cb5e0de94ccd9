"""The address that waits for the sign-in page: in the reader's own browser only."""

import pytest
from django.core import signing
from django.test import Client

from accounts.models import BrowserSession
from accounts.sessions import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-12")]

PERSON = {"email": "ada@example.com", "password": "a long enough phrase"}


def test_sign_in_page_fills_in_the_address_once(client):
    answer = client.post("/account/register/", PERSON)

    cookie = answer.cookies["greeting"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 600)
    assert 'value="ada@example.com"' in client.get("/account/login/").text
    assert "ada@example.com" not in client.get("/account/login/").text


def test_no_session_keeps_the_address(client):
    client.post("/account/register/", PERSON)

    kept = [SessionStore().decode(each.session_data) for each in BrowserSession.objects.all()]
    assert "ada@example.com" not in str(kept)


@pytest.mark.parametrize("forged", ["ada@example.com", signing.dumps("ada@example.com"), "\x00"])
def test_address_that_somebody_made_up_is_not_shown(forged):
    browser = Client()
    browser.cookies["greeting"] = forged

    assert "ada@example.com" not in browser.get("/account/login/").text
