"""The page of sign-ins (AUTH-5 of the storefront), and T058: sessions as such."""

import datetime as dt

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from accounts.models import BrowserSession, RefreshFamily
from accounts.services import tokens
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-04")]
PAGE = "/account/sessions/"
LOGIN = "/account/login/"
GOOD = {"email": "ada@example.com", "password": PASSWORD}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


def signed_in(agent, **options):
    browser = Client(headers={"User-Agent": agent}, **options)
    assert browser.post(LOGIN, GOOD).status_code == 303
    return browser


def is_signed_in(browser):
    return browser.get("/account/").status_code == 200


def test_page_shows_devices_this_one_first(user):
    signed_in(SAFARI)
    tokens.issue_pair(user=user)
    browser = signed_in(FIREFOX)

    response = browser.get(PAGE)
    page = response.content.decode()

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert page.index("Firefox on Linux") < page.index("Safari on iPhone")
    assert page.index("(this one)") < page.index("Safari on iPhone")
    assert "An app" in page
    assert page.count("<h1>") == 1
    assert "noindex" in page
    keys = BrowserSession.objects.values_list("session_key", flat=True)
    assert [key for key in keys if key in page] == []


def test_page_counts_from_the_sign_in_not_from_the_first_visit(user):
    browser = Client(headers={"User-Agent": FIREFOX})
    session = browser.session
    session["began_at"] = "2020-01-01T00:00:00+00:00"
    session.save()

    browser.post(LOGIN, GOOD)
    shown = browser.get(PAGE).context["sign_ins"][0]

    assert timezone.now() - shown.created_at < dt.timedelta(minutes=1)


def test_page_needs_somebody():
    stranger = Client()

    assert stranger.get(PAGE)["Location"].startswith(LOGIN)
    for path in ("elsewhere/", "everywhere/", "a" * 32 + "/"):
        assert stranger.post(PAGE + path)["Location"].startswith(LOGIN)


def test_sign_out_there_ends_that_browser_alone(user):
    there, here = signed_in(SAFARI), signed_in(FIREFOX)
    other = here.get(PAGE).context["sign_ins"][1]

    response = here.post(f"{PAGE}{other.id}/")

    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert here.post(f"{PAGE}{other.id}/").status_code == 404


@pytest.mark.req("AUTH-09")
def test_sign_out_there_of_another_is_404(user):
    UserFactory(email="eve@example.com")
    victim = signed_in(FIREFOX)
    named = victim.get(PAGE).context["sign_ins"][0].id
    eve = Client()
    eve.post(LOGIN, GOOD | {"email": "eve@example.com"})

    assert eve.post(f"{PAGE}{named}/").status_code == 404
    assert is_signed_in(victim)


def test_sign_out_everywhere_else_and_everywhere(user):
    there, here = signed_in(SAFARI), signed_in(FIREFOX)
    tokens.issue_pair(user=user)

    response = here.post(PAGE + "elsewhere/", follow=True)
    assert "2 other devices are signed out." in response.content.decode()
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert RefreshFamily.objects.filter(revoked_at=None).count() == 0

    response = here.post(PAGE + "everywhere/")
    assert (response.status_code, response["Location"]) == (303, "/")
    assert not is_signed_in(here)
    assert BrowserSession.objects.filter(user=user).count() == 0


@pytest.mark.parametrize("path", ["elsewhere/", "everywhere/", "{id}/"])
def test_endings_are_no_links_and_need_the_csrf_token(user, path):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    page = browser.get(PAGE)
    path = PAGE + path.format(id=page.context["sign_ins"][0].id)

    assert browser.get(path).status_code == 405
    assert browser.post(path).status_code == 403
    assert is_signed_in(browser)


def test_login_changes_the_session_key_and_logout_deletes_the_row(user):
    browser = Client()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    browser.cookies["session"] = planted

    browser.post(LOGIN, GOOD)
    key = browser.session.session_key
    assert key != planted
    assert list(BrowserSession.objects.values_list("session_key", "user_id")) == [(key, user.pk)]

    browser.post("/account/logout/")
    assert BrowserSession.objects.filter(session_key=key).count() == 0
    thief = Client()
    thief.cookies["session"] = key
    assert not is_signed_in(thief)


@pytest.mark.req("AUTH-13")
def test_signing_out_is_audited_once(user):
    browser = signed_in(FIREFOX)
    for _ in range(2):
        assert browser.post("/account/logout/").status_code == 303

    assert [(entry.action, entry.actor_id) for entry in AuditEntry.objects.order_by("id")] == [
        ("auth.login_succeeded", user.pk),
        ("auth.logged_out", user.pk),
    ]


def test_session_that_was_ended_meanwhile_does_not_come_back(user):
    """A request under way must not write the row of a session that another one ended."""
    browser = signed_in(FIREFOX)
    session = browser.session
    session["late"] = "write"  # reads the row first
    BrowserSession.objects.all().delete()

    with pytest.raises(UpdateError):
        session.save()
    assert BrowserSession.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    ["/account/", PAGE, "/orders/", "/checkout/", "/account/login/", "/api/v1/users/me",
     "/api/v1/auth/sessions"],
)  # fmt: skip
def test_private_pages_are_not_kept_by_the_browser(user, path):
    browser = signed_in(FIREFOX)

    assert "no-store" in browser.get(path)["Cache-Control"]
