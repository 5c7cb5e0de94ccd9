"""The page of connected logins: connecting asks for a fresh proof (PROOFS T055)."""

import time

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client

from accounts.sessions import PROVED_AT
from accounts.tests.factories import UserFactory
from accounts.tests.visits import depart, visit, who
from core.models import AuditEntry
from tests.servers.identity import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-06")]
PAGE = "/account/connections/"
BOTH = pytest.mark.parametrize("provider", ["google", "github"])


@pytest.fixture
def ada(identity):
    return identity.know(Person(uid=1001, email="elsewhere@example.com"))


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def browser(user):
    """Signed in, with a proof of this minute."""
    client = Client()
    client.force_login(user)
    prove(client, seconds_ago=0)
    return client


def prove(client, *, seconds_ago):
    session = client.session
    session[PROVED_AT] = int(time.time()) - seconds_ago
    session.save()


def letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'letter' FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_page_asks_strangers_to_sign_in(client):
    assert client.get(PAGE)["Location"] == "/account/login/?next=/account/connections/"
    assert client.post(f"{PAGE}1/disconnection/").status_code == 302


def test_page_offers_what_is_set_up(browser, identity, settings):
    page = browser.get(PAGE)

    assert "no-store" in page["Cache-Control"]
    assert "Nothing is connected." in page.content.decode()
    assert "Connect Google" in page.content.decode()
    assert page.content.decode().count("<h1>") == 1
    nobody = {"client_id": "", "client_secret": "", "url": ""}
    settings.SIGN_IN_PROVIDERS = {"google": nobody, "github": nobody}
    unoffered = browser.get(PAGE).content.decode()
    assert "Connect another" not in unoffered
    assert "this shop offers nothing to connect" in unoffered


@BOTH
def test_other_address_is_connected_and_then_opens_the_account(
    browser, identity, ada, user, provider
):
    response = visit(browser, identity, ada, provider, flow="connect")

    assert (response.status_code, response["Location"]) == (303, PAGE)
    page = browser.get(PAGE).content.decode()
    assert " is connected." in page
    assert "Disconnect " in page
    assert letters() == ["provider_linked"]
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.provider_linked"]
    other = Client()
    visit(other, identity, ada, provider)
    assert who(other) == user.email


def test_connecting_twice_changes_nothing(browser, identity, ada):
    visit(browser, identity, ada, flow="connect")
    visit(browser, identity, ada, flow="connect")

    assert "was connected already" in browser.get(PAGE).content.decode()
    assert SocialAccount.objects.count() == 1
    assert letters() == ["provider_linked"]


@pytest.mark.parametrize("seconds_ago", [601, 86_400])
def test_connecting_needs_a_fresh_proof(browser, identity, seconds_ago):
    prove(browser, seconds_ago=seconds_ago)

    response = browser.post("/account/google/", {"flow": "connect"})

    assert response.status_code == 303
    assert response["Location"] == "/account/confirm/?next=%2Faccount%2Fconnections%2F"
    assert identity.calls == []


@pytest.mark.parametrize("flow", ["connect", "confirm"])
def test_stranger_connects_nothing(client, identity, flow):
    response = client.post("/account/google/", {"flow": flow})

    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=/account/con")


def test_flow_that_there_is_not_is_refused(browser, identity):
    assert browser.post("/account/google/", {"flow": "steal"}).status_code == 400


def test_another_s_sign_in_is_not_taken_over(browser, identity, ada):
    other = UserFactory()
    link = SocialAccount.objects.create(user=other, provider="google", uid="1001", extra_data={})

    response = visit(browser, identity, ada, flow="connect")

    assert response.status_code == 409
    assert "is connected to another account" in response.content.decode()
    link.refresh_from_db()
    assert (link.user, letters()) == (other, [])


def test_visit_is_for_who_began_it(browser, identity, ada):
    """Begun by one user, finished by the next one at the same browser: nobody gets the link."""
    url = identity.agree(depart(browser, flow="connect"), ada)
    session = dict(browser.session)
    browser.force_login(UserFactory())
    restored = browser.session
    restored["socialaccount_states"] = session["socialaccount_states"]
    restored.save()

    assert browser.get(url).status_code == 400
    assert SocialAccount.objects.count() == 0


def test_callback_of_the_attacker_connects_nothing(browser, identity):
    """The attacker's own identity at the victim's account, by a link that the victim opens."""
    attacker = identity.know(Person(uid=666, email="attacker@example.com"))
    visitor = Client()
    visitor.force_login(UserFactory())
    prove(visitor, seconds_ago=0)
    url = identity.agree(depart(visitor, flow="connect"), attacker)

    assert browser.get(url).status_code == 400
    assert SocialAccount.objects.count() == 0


@BOTH
def test_visit_proves_again_who_one_is(browser, identity, ada, user, provider):
    SocialAccount.objects.create(user=user, provider=provider, uid="1001", extra_data={})
    prove(browser, seconds_ago=3_600)

    response = visit(browser, identity, ada, provider, flow="confirm", next=PAGE)

    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert time.time() - browser.session[PROVED_AT] < 60
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.confirmed"]


@pytest.mark.parametrize("is_another_s", [True, False])
def test_visit_as_somebody_else_proves_nothing(browser, identity, ada, is_another_s):
    if is_another_s:
        other = UserFactory(email=ada.email)
        SocialAccount.objects.create(user=other, provider="google", uid="1001", extra_data={})
    prove(browser, seconds_ago=3_600)

    assert visit(browser, identity, ada, flow="confirm").status_code == 409

    assert time.time() - browser.session[PROVED_AT] > 3_000
    assert who(browser) == "ada@example.com"
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.confirmation_failed"]


def test_consent_asks_which_account_when_it_is_a_proof(browser, identity):
    assert "prompt=select_account" in depart(browser, flow="confirm")
    assert "prompt" not in depart(browser, flow="connect")


def test_disconnecting_says_so(browser, user):
    link = SocialAccount.objects.create(user=user, provider="github", uid="1", extra_data={})

    response = browser.post(f"{PAGE}{link.pk}/disconnection/")

    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert "GitHub is disconnected." in browser.get(PAGE).content.decode()
    assert SocialAccount.objects.count() == 0


def test_last_way_in_stays_and_the_page_says_why(browser, user):
    user.set_unusable_password()
    user.save()
    browser.force_login(user)
    link = SocialAccount.objects.create(user=user, provider="github", uid="1", extra_data={})

    response = browser.post(f"{PAGE}{link.pk}/disconnection/")

    assert response.status_code == 409
    page = response.content.decode()
    assert "<title>Error: Connected logins" in page
    assert "This is your only way to sign in." in page
    assert SocialAccount.objects.get() == link


def test_disconnecting_needs_the_csrf_token_and_one_s_own(user, identity):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    link = SocialAccount.objects.create(
        user=UserFactory(), provider="google", uid="1", extra_data={}
    )
    lax = Client()
    lax.force_login(user)

    assert strict.post(f"{PAGE}{link.pk}/disconnection/").status_code == 403
    assert lax.post(f"{PAGE}{link.pk}/disconnection/").status_code == 404
    assert lax.get(f"{PAGE}{link.pk}/disconnection/").status_code == 405
    assert SocialAccount.objects.get() == link
