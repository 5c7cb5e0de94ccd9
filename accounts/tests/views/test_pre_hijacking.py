"""PROOFS T054: somebody makes an account with the victim's address and waits inside for them.

The five ways of Sudhodanan and Paverd (2022), each till its end: the victim comes with Google or
GitHub, or resets the password; the attacker then tries what they had prepared.
"""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.enums import TokenPurpose
from accounts.models import BrowserSession, OneTimeToken, RefreshFamily, User
from accounts.services import letters, one_time_tokens
from accounts.sessions import PROVED_AT
from accounts.tests.factories import UserFactory
from accounts.tests.visits import visit, who
from tests.fixtures.api import ApiClient
from tests.servers.identity import Person

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-06")]
VICTIM = "victim@example.com"
KNOWN_TO_ATTACKER = "chosen-by-the-attacker"
BY_VISIT = pytest.mark.parametrize("provider", ["google", "github"])


@pytest.fixture
def victim(identity):
    return identity.know(Person(uid=1, email=VICTIM, name="Victim"))


@pytest.fixture
def attacker(identity):
    return identity.know(Person(uid=666, email="attacker@example.com", name="Attacker"))


@pytest.fixture
def waiting():
    """The attacker's account with the victim's address, and the browser they sit in."""
    api = ApiClient()
    body = {"email": VICTIM, "password": KNOWN_TO_ATTACKER}
    assert api.post("auth/register", body).status_code == 201
    browser = Client()
    assert browser.post("/account/login/", body).status_code == 303
    assert who(browser) == VICTIM
    return browser


def password_opens(password=KNOWN_TO_ATTACKER):
    api = ApiClient()
    response = api.post("auth/login", {"email": VICTIM, "password": password})
    browser = Client()
    browser.post("/account/login/", {"email": VICTIM, "password": password})
    return response.status_code == 200 or who(browser) is not None


def reset_password(password):
    """The victim forgets a password that they never had, and chooses one by the mailed link."""
    token = one_time_tokens.issue(
        TokenPurpose.RESET_PASSWORD, user=User.objects.get(email=VICTIM), email=VICTIM
    )
    letters.send(
        letter="reset_password",
        user_id=str(token.user_id),
        token_id=str(token.pk),
        event_id=str(token.pk),
    )
    secret = re.search(r"/account/reset/([^/\s]+)/", mail.outbox[-1].body)[1]
    api = ApiClient()
    body = {"token": secret, "new_password": password}
    response = api.post("auth/password-reset/confirm", body)
    assert response.status_code < 300, response.content


@BY_VISIT
def test_1_classic_federated_merge(identity, victim, waiting, provider):
    """The attacker knows the password of the account that the victim's sign-in leads to."""
    browser = Client()

    assert visit(browser, identity, victim, provider).status_code == 303

    assert who(browser) == VICTIM
    assert User.objects.count() == 1
    assert not password_opens()
    assert who(waiting) is None


@BY_VISIT
def test_2_unexpired_session(identity, victim, waiting, provider):
    """The attacker stays signed in, in a browser and in an app."""
    app = ApiClient()
    pair = app.sign_in(VICTIM, KNOWN_TO_ATTACKER)

    visit(Client(), identity, victim, provider)

    assert who(waiting) is None
    assert app.get("users/me").status_code == 401
    refreshed = ApiClient().post("auth/refresh", {"refresh": pair["refresh"]})
    assert refreshed.status_code == 401
    assert not RefreshFamily.objects.filter(revoked_at=None).exists()
    assert BrowserSession.objects.exclude(user=None).count() == 1  # the victim's


@BY_VISIT
def test_3_trojan_identifier(identity, victim, attacker, waiting, provider):
    """The attacker connects their own Google or GitHub, and a second factor, beforehand."""
    assert visit(waiting, identity, attacker, provider, flow="connect").status_code == 303
    user = User.objects.get()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    User.objects.update(second_factor_at=timezone.now())

    browser = Client()
    assert visit(browser, identity, victim, provider)["Location"] == "/"

    assert who(browser) == VICTIM
    assert [link.uid for link in SocialAccount.objects.filter(user=user)] == ["1"]
    assert Authenticator.objects.count() == 0
    again = Client()
    visit(again, identity, attacker, provider)
    assert who(again) == "attacker@example.com"  # an account of their own, nothing of the victim's
    assert User.objects.count() == 2


def ask_for_another_address(waiting):
    """The attacker asks for a change of address; return the link that is mailed to them."""
    body = {"password": KNOWN_TO_ATTACKER, "email": "attacker@example.com"}
    assert waiting.post("/account/email/", body).status_code == 303
    token = OneTimeToken.objects.get(purpose=TokenPurpose.CHANGE_EMAIL)
    return f"/account/email/{one_time_tokens.secret_of(token)}/"


def test_4_control_a_change_of_address_is_possible_till_the_victim_comes(waiting):
    waiting.post(ask_for_another_address(waiting))

    assert User.objects.get().email == "attacker@example.com"


@BY_VISIT
def test_4_unexpired_change_of_address(identity, victim, waiting, provider):
    """The attacker has asked for another address and keeps the link till the victim is in."""
    link = ask_for_another_address(waiting)
    own = Client()
    visit(own, identity, victim, provider)

    for browser in (waiting, own, Client()):
        browser.post(link)

    user = User.objects.get()
    assert user.email == VICTIM
    assert not user.has_usable_password()
    assert not OneTimeToken.objects.filter(used_at=None).exists()


@BY_VISIT
def test_5_provider_that_does_not_verify(identity, waiting, provider):
    """The attacker comes with the victim's address, unverified, before or after the victim."""
    liar = identity.know(Person(uid=667, email=VICTIM, is_verified=False))
    User.objects.update(is_verified=True)  # by now it is the victim's
    browser = Client()

    assert visit(browser, identity, liar, provider).status_code == 409

    assert who(browser) is None
    assert SocialAccount.objects.count() == 0


@BY_VISIT
def test_5_address_that_nobody_verified_makes_no_account(identity, provider):
    liar = identity.know(Person(uid=667, email=VICTIM, is_verified=False))

    assert visit(Client(), identity, liar, provider).status_code == 409

    assert User.objects.count() == 0


@BY_VISIT
def test_victim_who_resets_the_password_is_alone_as_well(
    identity, victim, attacker, waiting, provider
):
    visit(waiting, identity, attacker, provider, flow="connect")
    app = ApiClient()
    app.sign_in(VICTIM, KNOWN_TO_ATTACKER)

    reset_password("known-to-the-victim-alone")

    assert who(waiting) is None
    assert app.get("users/me").status_code == 401
    assert not password_opens()
    assert SocialAccount.objects.count() == 0
    assert password_opens("known-to-the-victim-alone")


@BY_VISIT
def test_victim_s_own_visit_ends_the_squatter_s_session_in_the_same_browser(
    identity, victim, waiting, provider
):
    """The session that dies by the visit is the very one the visit began in."""
    response = visit(waiting, identity, victim, provider)

    assert response.status_code == 303
    assert who(waiting) == VICTIM
    assert BrowserSession.objects.exclude(user=None).count() == 1


@BY_VISIT
def test_second_visit_drops_nothing_any_more(identity, victim, provider):
    first = Client()
    visit(first, identity, victim, provider)

    visit(Client(), identity, victim, provider)

    assert who(first) == VICTIM


@pytest.mark.parametrize("page", ["/account/security/app/", "/account/security/passkeys/"])
def test_who_has_not_confirmed_is_led_there_before_adding_a_second_factor(client, page):
    client.force_login(UserFactory(is_verified=False))
    session = client.session
    session[PROVED_AT] = int(time.time())
    session.save()

    for answer in (client.get(page), client.post(page, {"code": "123456", "name": "Key"})):
        assert answer.status_code == 303
        assert answer["Location"] == "/account/verification/"
    sentence = "Please confirm your e-mail address first"
    assert sentence in client.get("/account/verification/").content.decode()
