"""T085: browsers that signed in before are many, and no more dear for it."""

import pytest
from django.test import Client

from accounts.services import sign_in
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-08")]
ADA = "ada@example.com"


def sign_in_from(browser, password, address):
    return browser.post(
        "/account/login/",
        {"email": ADA, "password": password},
        headers={"X-Forwarded-For": address},
    )


def test_known_browsers_of_one_address_are_held_back_together(rate_limits, settings):
    """Each sign-in makes one more: a few accounts would soon have thousands, with all they buy."""
    settings.TRUSTED_PROXY_COUNT = 1
    UserFactory(email=ADA)
    browsers = [Client() for _ in range(31)]
    for browser in browsers:
        browser.cookies["device"] = sign_in.known_devices.with_proof_for("", email=ADA)

    answers = [sign_in_from(browser, "wrong", "203.0.113.1") for browser in browsers]

    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    assert (answers[-1]["RateLimit-Limit"], answers[-1]["RateLimit-Remaining"]) == ("30", "0")
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert sign_in_from(browsers[0], PASSWORD, "203.0.113.2").status_code == 303
