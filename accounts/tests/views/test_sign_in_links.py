"""Signing in by a mailed link, in the browser."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import TokenPurpose
from accounts.models import OneTimeToken
from accounts.tests.factories import UserFactory
from accounts.tests.letterbox import deliver, link_in, secret_for

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
ASK = "/account/login/link/"


def test_a_reader_signs_in_by_a_mailed_link(client):
    user = UserFactory()
    client.post(ASK, {"email": user.email})
    (mail,) = deliver()
    link = link_in(mail)

    for _ in range(2):  # a program that follows links, then the reader
        page = client.get(link)
        assert user.email in page.content.decode()
    assert OneTimeToken.objects.get().used_at is None
    done = client.post(link)

    assert (done.status_code, done["Location"]) == (303, "/")
    assert client.get("/account/").context["user"] == user
    over = Client().post(link)
    assert over.status_code == 400
    assert f'action="{ASK}"' in over.content.decode()


@pytest.mark.req("AUTH-10")
def test_the_second_factor_is_still_asked_for(client):
    user = UserFactory(second_factor_at=timezone.now())

    answer = client.post(f"{ASK}{secret_for(user, TokenPurpose.SIGN_IN_LINK)}/")

    assert answer.status_code == 303
    assert answer["Location"].startswith("/account/login/second-factor/")
    assert client.get("/account/").status_code == 302


def test_the_first_time_works_in_a_browser_that_was_signed_in_before(client):
    user = UserFactory(is_verified=False)
    client.force_login(user)

    assert client.post(f"{ASK}{secret_for(user, TokenPurpose.SIGN_IN_LINK)}/").status_code == 303

    page = client.get("/account/")
    assert page.status_code == 200
    assert "not confirmed" not in page.content.decode()


def test_the_button_needs_the_csrf_token():
    link = f"{ASK}{secret_for(UserFactory(), TokenPurpose.SIGN_IN_LINK)}/"

    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert Client().post(link).status_code == 303
