"""Every page of the account leads back to it, at the same place."""

import re

import pytest
from allauth.mfa.models import Authenticator

from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.second_factors import give_app, give_passkey

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10")]
BELOW_ACCOUNT = [
    "addresses/",
    "profile/",
    "password/",
    "email/",
    "security/",
    "sessions/",
    "connections/",
    "data/",
    "delete/",
    "confirm/",
]
BELOW_SECURITY = [
    "security/app/removal/",
    "security/recovery-codes/",
    "security/passkeys/",
    "security/passkeys/{passkey}/",
    "security/passkeys/{passkey}/removal/",
]


@pytest.fixture
def ada(client):
    """A reader with a passkey and an app, signed in lately."""
    user = UserFactory()
    give_app(user)
    give_passkey(user)
    client.force_login(user)
    client.post("/account/confirm/", {"password": PASSWORD})
    return user


def way_back(page):
    """Return the addresses of the crumbs, which stand right before the heading."""
    (crumbs,) = re.findall(r'<nav class="crumbs"[^>]*>(.*?)</nav>\s*<h1>', page, re.DOTALL)
    return re.findall(r'href="([^"]*)"', crumbs)


@pytest.mark.parametrize("page", BELOW_ACCOUNT)
def test_page_leads_back_to_the_account(client, ada, page):
    response = client.get(f"/account/{page}")

    assert response.status_code == 200
    assert way_back(response.content.decode()) == ["/account/"]


@pytest.mark.parametrize("page", BELOW_SECURITY)
def test_page_about_a_factor_leads_back_to_security(client, ada, page):
    passkey = Authenticator.objects.get(user=ada, type="webauthn").pk
    response = client.get(f"/account/{page.format(passkey=passkey)}")

    assert response.status_code == 200
    assert way_back(response.content.decode()) == ["/account/", "/account/security/"]
