"""Sign-in with Google and GitHub in the browser: PROOFS T053 (social sign-up)."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from accounts.models import BrowserSession, User
from accounts.sessions import PROVED_AT, SessionStore
from accounts.tests.factories import UserFactory
from accounts.tests.visits import ADA, BOTH, depart, nobody_got_in, visit, who
from core.models import AuditEntry
from tests.servers.identity import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-06")]


@pytest.fixture
def ada(identity):
    return identity.know(ADA)


@BOTH
def test_stranger_gets_a_verified_account_without_a_password(client, identity, ada, provider):
    response = visit(client, identity, ada, provider)

    assert (response.status_code, response["Location"]) == (303, "/")
    assert "no-store" in response["Cache-Control"]
    assert who(client) == "ada@example.com"
    user = User.objects.get()
    assert (user.full_name, user.is_verified) == ("Ada Lovelace", True)
    assert not user.has_usable_password()
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid, link.extra_data) == (user, provider, "1001", {})
    assert [entry.action for entry in AuditEntry.objects.order_by("created_at")] == [
        "auth.registered",
        "auth.provider_linked",
        "auth.login_succeeded",
    ]


@BOTH
def test_nothing_of_the_provider_s_tokens_is_stored(client, identity, ada, provider):
    visit(client, identity, ada, provider)

    assert SocialToken.objects.count() == EmailAddress.objects.count() == 0
    sessions = [SessionStore().decode(row.session_data) for row in BrowserSession.objects.all()]
    kept = str(sessions) + str(list(AuditEntry.objects.values()))
    assert [secret for secret in identity.tokens if secret in kept] == []


@BOTH
def test_second_visit_finds_the_account_whatever_became_of_the_address(identity, ada, provider):
    visit(Client(), identity, ada, provider)
    identity.know(Person(uid=1001, email="elsewhere@example.com", is_verified=False))

    browser = Client()
    visit(browser, identity, ada, provider)

    assert who(browser) == "ada@example.com"
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_wanted_page_comes_after_the_visit(client, identity, ada):
    assert visit(client, identity, ada, next="/genres/?page=2")["Location"] == "/genres/?page=2"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https:///evil.example",
        "https://evil.example/account/",
        "javascript:alert(1)",
    ],
)
def test_foreign_page_is_not_gone_to(client, identity, ada, wanted):
    assert visit(client, identity, ada, next=wanted)["Location"] == "/"


def test_session_has_a_new_key_and_a_fresh_proof(client, identity, ada):
    url = depart(client)
    planted = client.cookies["session"].value

    client.get(identity.agree(url, ada))

    assert client.cookies["session"].value != planted
    assert not BrowserSession.objects.filter(session_key=planted).exists()
    assert time.time() - client.session[PROVED_AT] < 60


def test_second_factor_is_asked_for(client, identity, ada):
    user = UserFactory(email=ADA.email)
    visit(Client(), identity, ada)
    User.objects.filter(pk=user.pk).update(second_factor_at="2026-01-01T00:00Z")

    url = identity.agree(depart(client, next="/cart/"), ada)
    response = client.get(url)

    assert response.status_code == 303
    assert response["Location"] == "/account/login/second-factor/?next=%2Fcart%2F"
    assert who(client) is None


@BOTH
def test_provider_s_word_is_enough_where_an_address_must_be_confirmed(
    client, identity, ada, settings, provider
):
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = True
    UserFactory(email=ADA.email, is_verified=False)

    visit(client, identity, ada, provider)

    assert who(client) == ADA.email


@BOTH
def test_button_needs_the_csrf_token(identity, provider):
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(f"/account/{provider}/").status_code == 403
    assert browser.get(f"/account/{provider}/").status_code == 405
    assert identity.calls == []


@BOTH
def test_without_a_client_id_nothing_is_offered(client, settings, provider):
    assert f"/account/{provider}/" not in client.get("/account/login/").content.decode()

    for response in (
        client.post(f"/account/{provider}/"),
        client.get(f"/api/v1/auth/{provider}"),
    ):
        assert response.status_code == 503
        assert "Retry-After" not in response


@BOTH
def test_who_says_no_is_back_where_they_were(client, identity, provider):
    response = visit(client, identity, None, provider, next="/cart/")

    assert (response.status_code, response["Location"]) == (303, "/account/login/?next=%2Fcart%2F")
    page = client.get(response["Location"]).content.decode()
    assert "You did not agree at" in page
    assert nobody_got_in(client)


@BOTH
def test_unverified_address_neither_opens_nor_makes_an_account(client, identity, provider):
    owner = UserFactory(email=ADA.email)
    liar = identity.know(Person(uid=666, email=ADA.email, is_verified=False))

    response = visit(client, identity, liar, provider)

    assert response.status_code == 409
    assert "has not verified your e-mail address" in response.content.decode()
    assert who(client) is None
    assert User.objects.get() == owner
    assert SocialAccount.objects.count() == AuditEntry.objects.count() == 0


def test_verified_address_that_is_not_the_primary_one_opens_nothing(client, identity):
    spare = identity.know(Person(uid=7, email=ADA.email, is_primary=False))

    assert visit(client, identity, spare, "github").status_code == 409
    assert nobody_got_in(client)


@BOTH
def test_account_that_is_switched_off_stays_shut(client, identity, ada, provider):
    UserFactory(email=ADA.email, is_active=False)

    for _ in range(2):
        assert visit(client, identity, ada, provider).status_code == 403
    assert who(client) is None
    assert SocialAccount.objects.count() == 0
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.login_failed"] * 2


def test_visits_are_counted(client, identity, ada, rate_limits):
    urls = [depart(client) for _ in range(30)]
    assert client.post("/account/google/").status_code == 429

    assert client.get(identity.agree(urls[-1], ada)).status_code == 303


def test_visits_wait_while_nothing_can_be_counted(client, identity, rate_limits, redis_is_down):
    assert client.post("/account/google/").status_code == 503
    assert identity.calls == []
