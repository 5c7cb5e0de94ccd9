"""Going to Google or GitHub and back, as a browser does."""

import html
import re

import pytest
from allauth.socialaccount.models import SocialAccount

from accounts.models import User
from core.models import AuditEntry
from tests.servers.identity import Person

ADA = Person(uid=1001, email="ada@example.com")
BOTH = pytest.mark.parametrize("provider", ["google", "github"])
PAGES = {"google": "/account/google/", "github": "/account/github/"}


def depart(client, provider="google", **form):
    """Press the button; return the address of the consent screen."""
    response = client.post(PAGES[provider], form)
    assert response.status_code == 200, response.content
    moved = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', response.content.decode())
    return html.unescape(moved[1])


def visit(client, identity, person, provider="google", **form):
    """Go there, agree as `person` (None says no), come back; return the shop's answer."""
    return client.get(identity.agree(depart(client, provider, **form), person))


def who(client):
    """Return the e-mail address of whoever is signed in, None for a stranger."""
    response = client.get("/account/")
    return response.context["user"].email if response.status_code == 200 else None


def nobody_got_in(client):
    """Whether nothing came of it: no account, no link, no session, no proof."""
    return (
        who(client) is None
        and not User.objects.exists()
        and not SocialAccount.objects.exists()
        and not AuditEntry.objects.exists()
    )
