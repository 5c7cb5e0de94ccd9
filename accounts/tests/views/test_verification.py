"""The link that confirms an address, as browsers and mail programs open it."""

import pytest
from django.test import Client

from accounts.models import OneTimeToken, User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import deliver, link_in, secret_for

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
PROOF = {"password": PASSWORD}


@pytest.fixture
def newcomer():
    """Somebody who registered and waits for the mail."""
    return UserFactory(email="ada@example.com", is_verified=False)


def link_for(user):
    return f"/account/verify/{secret_for(user)}/"


def test_a_stranger_registers_opens_the_mail_and_is_welcomed(client):
    body = {"email": "ada@example.com", "password": PASSWORD, "full_name": "Ada"}
    client.post("/account/register/", body)
    (mail,) = deliver()

    page = client.get(link_in(mail))
    assert "ada@example.com" in page.content.decode()
    done = client.post(link_in(mail), PROOF)

    assert (done.status_code, done["Location"]) == (303, "/account/login/")
    assert User.objects.get().is_verified
    sign_in = client.get("/account/login/").content.decode()
    assert 'value="ada@example.com"' in sign_in
    assert "your address is confirmed" in sign_in
    (welcome,) = deliver()
    assert welcome.to == ["ada@example.com"]
    assert welcome.body.startswith("Dear Ada,")


@pytest.mark.parametrize("method", ["get", "head"])
def test_programs_that_follow_links_spend_nothing(newcomer, method):
    link = link_for(newcomer)
    for _ in range(3):
        assert getattr(Client(), method)(link).status_code == 200

    assert not User.objects.get().is_verified
    assert OneTimeToken.objects.get().used_at is None
    assert Client().post(link, PROOF).status_code == 303


def test_the_browser_that_confirms_stays_signed_in_and_no_other(newcomer):
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/account/login/", {"email": newcomer.email, "password": PASSWORD})
    old_key = here.session.session_key
    assert "is not confirmed yet" in here.get("/account/").content.decode()

    done = here.post(link_for(newcomer))

    assert (done.status_code, done["Location"]) == (303, "/account/")
    page = here.get("/account/")
    assert page.status_code == 200
    assert "your address is confirmed" in page.content.decode()
    assert "is not confirmed yet" not in page.content.decode()
    assert here.session.session_key != old_key
    assert there.get("/account/").status_code == 302


@pytest.mark.parametrize("said", [{}, {"password": ""}, {"password": "not the password"}])
def test_owner_of_the_mailbox_does_not_vouch_for_a_strangers_password(newcomer, said):
    link = link_for(newcomer)

    page = Client().post(link, said)

    assert page.status_code == 422
    assert "<title>Error: Confirm your address" in page.content.decode()
    assert not User.objects.get().is_verified
    assert OneTimeToken.objects.get().used_at is None


def test_a_browser_of_somebody_else_stays_theirs(newcomer):
    other = UserFactory()
    browser = Client()
    browser.force_login(other)

    assert browser.post(link_for(newcomer), PROOF)["Location"] == "/account/"

    assert browser.get("/account/").context["user"] == other
    assert User.objects.get(pk=newcomer.pk).is_verified


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_over_offers_another(newcomer, method):
    link = link_for(newcomer)
    Client().post(link, PROOF)

    page = getattr(Client(), method)(link)

    assert page.status_code == 400
    assert "This link is not valid any more" in page.content.decode()
    assert 'action="/account/verification/"' in page.content.decode()
    assert "<title>Error: " in page.content.decode()


@pytest.mark.parametrize("odd", ["x", "a.b", "%00", "..%2f", "é.é", "A" * 3000])
def test_what_is_no_link_is_refused_quietly(client, odd):
    assert client.get(f"/account/verify/{odd}/").status_code in {400, 404}


def test_the_button_needs_the_csrf_token(newcomer):
    assert Client(enforce_csrf_checks=True).post(link_for(newcomer)).status_code == 403
    assert not User.objects.get().is_verified


@pytest.mark.req("AUTH-01")
def test_where_addresses_must_be_confirmed_nobody_signs_in_before(newcomer, settings):
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = True
    body = {"email": newcomer.email, "password": PASSWORD}
    browser = Client()

    refused = browser.post("/account/login/", body)
    assert refused.status_code == 422
    assert "or the address is not confirmed yet" in refused.content.decode()
    assert 'href="/account/verification/"' in refused.content.decode()

    browser.post(link_for(newcomer), PROOF)
    assert browser.post("/account/login/", body).status_code == 303
