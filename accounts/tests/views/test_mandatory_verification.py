"""A shop that begins to ask for verified addresses asks those who are signed in already, too."""

import pytest
from django.test import Client

from accounts.services import tokens
from accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]


@pytest.mark.parametrize("is_verified", [True, False])
def test_those_signed_in_before_the_setting(api, settings, is_verified):
    user = UserFactory(is_verified=is_verified)
    browser = Client()
    browser.force_login(user)
    pair = tokens.issue_pair(user=user)
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = True

    bearer = {"Authorization": f"Bearer {pair.access}"}
    answers = [
        browser.get("/account/").status_code,
        api.get("users/me", headers=bearer).status_code,
        api.post("auth/refresh", {"refresh": pair.refresh}).status_code,
    ]

    assert answers == ([200, 200, 200] if is_verified else [302, 401, 401])
