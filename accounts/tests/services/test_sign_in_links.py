"""Signing in by a mailed link."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Letter, TokenPurpose
from accounts.errors import LinkInvalid, SecondFactorRequired
from accounts.models import OneTimeToken, User
from accounts.services import sign_in_links, tokens
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import letters_posted, secret_for
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
LINK = TokenPurpose.SIGN_IN_LINK


def test_sign_in_by_admits_once():
    user = UserFactory()
    secret, sister = secret_for(user, LINK), secret_for(user, LINK)
    pair = tokens.issue_pair(user=user)

    assert sign_in_links.sign_in_by(secret=secret) == user

    for dead in (secret, sister):
        with pytest.raises(LinkInvalid):
            sign_in_links.sign_in_by(secret=dead)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.context) == ("auth.login_succeeded", {"proof": "link"})
    assert User.objects.get().check_password(PASSWORD)
    assert tokens.refresh_pair(refresh=pair.refresh, address="203.0.113.9")


def test_a_link_lives_fifteen_minutes():
    user = UserFactory()
    secret = secret_for(user, LINK)
    left = OneTimeToken.objects.get().expires_at - timezone.now()
    assert dt.timedelta(minutes=14) < left <= dt.timedelta(minutes=15)
    OneTimeToken.objects.update(expires_at=timezone.now())

    with pytest.raises(LinkInvalid):
        sign_in_links.sign_in_by(secret=secret)


@pytest.mark.req("AUTH-10")
def test_a_second_factor_is_asked_for_and_the_link_is_spent():
    user = UserFactory(second_factor_at=timezone.now())
    secret = secret_for(user, LINK)

    with pytest.raises(SecondFactorRequired) as refusal:
        sign_in_links.sign_in_by(secret=secret)

    assert refusal.value.data["challenge"]
    assert AuditEntry.objects.count() == 0
    with pytest.raises(LinkInvalid):
        sign_in_links.sign_in_by(secret=secret)


@pytest.mark.parametrize("needs_verified", [True, False])
def test_the_first_link_confirms_the_address_and_drops_a_strangers_password(
    settings, needs_verified
):
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = needs_verified
    squatter = UserFactory(is_verified=False)
    pair = tokens.issue_pair(user=squatter)

    owner = sign_in_links.sign_in_by(secret=secret_for(squatter, LINK))

    assert owner.is_verified
    assert not User.objects.get().has_usable_password()
    with pytest.raises(tokens.TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address="203.0.113.9")
    assert letters_posted() == [(Letter.WELCOME, str(owner.pk))]


def test_ask_for_link_mails_active_accounts():
    user = UserFactory()
    for email in (user.email, "nobody@example.com"):
        sign_in_links.ask_for_link(email=email, address="203.0.113.9")

    assert letters_posted() == [(Letter.SIGN_IN_LINK, str(user.pk)), (Letter.SIGN_IN_LINK, None)]
