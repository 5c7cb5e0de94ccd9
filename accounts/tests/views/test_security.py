"""What protects an account is changed only by whoever proved themselves lately."""

import re
import time

import pytest
from django.test import Client

from accounts.models import BrowserSession
from accounts.selectors.second_factor import overview
from accounts.sessions import FRESH_SECONDS, PROVED_AT
from accounts.tests.factories import PASSWORD, EmployeeFactory, UserFactory
from accounts.tests.second_factors import (
    SoftKey,
    code_of,
    give_app,
    give_passkey,
    recovery_codes_of,
    wrong_code,
)
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10")]
SECURITY, APP, CODES = (
    "/account/security/",
    "/account/security/app/",
    ("/account/security/recovery-codes/"),
)
NEW_PASSKEY, CONFIRM = "/account/security/passkeys/", "/account/confirm/"
HERE = "http://testserver"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def browser(client, user):
    sign_in(client, user)
    return client


def sign_in(client, user):
    client.force_login(user)
    prove(client)


def prove(client, seconds_ago=0):
    session = client.session
    session[PROVED_AT] = int(time.time()) - seconds_ago
    session.save()


def begun(client):
    """Open the page of the app; return the sealed secret that waits."""
    assert client.get(APP).status_code == 200
    return client.session["authenticator_app_begun"]


def test_overview_says_off_then_on(browser, user, django_assert_max_num_queries):
    page = browser.get(SECURITY)
    assert "no-store" in page["Cache-Control"]
    assert "Whoever knows your password can sign in as you." in page.content.decode()
    give_app(user)
    sign_in(browser, user)
    give_passkey(user, "Ada’s phone")

    with django_assert_max_num_queries(6):
        html = browser.get(SECURITY).content.decode()

    assert "10 are left" in html
    assert "Ada’s phone" in html
    assert html.count("<h1>") == 1


def test_app_is_set_up_with_its_first_code_and_shows_recovery_codes_once(browser, user):
    other = BrowserSession.objects.count()
    sealed = begun(browser)
    page = browser.get(APP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert browser.session["authenticator_app_begun"] == sealed

    response = browser.post(APP, {"code": code_of(sealed)})

    assert (response.status_code, response["Location"]) == (303, CODES)
    shown = browser.get(CODES).content.decode()
    assert re.findall(r"<kbd>(\d{4} \d{4})</kbd>", shown) == recovery_codes_of(user)
    assert len(recovery_codes_of(user)) == 10
    again = browser.get(CODES).content.decode()
    assert "cannot be shown again" in again
    assert "<kbd>" not in again
    assert browser.get(SECURITY).status_code == 200
    assert BrowserSession.objects.count() == other


def test_wrong_code_leaves_it_off_with_the_same_picture(browser, user):
    sealed = begun(browser)

    response = browser.post(APP, {"code": wrong_code(sealed)})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]
    assert browser.session["authenticator_app_begun"] == sealed
    assert not overview(user).is_on


def test_this_browser_stays_and_others_end(browser, user):
    other = Client()
    sign_in(other, user)
    browser.post(APP, {"code": code_of(begun(browser))})

    assert browser.get(SECURITY).status_code == 200
    assert other.get(SECURITY).status_code == 302


def test_second_app_is_not_offered(browser, user):
    give_app(user)
    sign_in(browser, user)

    assert browser.get(APP)["Location"] == SECURITY


def test_app_is_removed_after_a_question(browser, user):
    give_app(user)
    sign_in(browser, user)
    assert "Remove the authenticator app" in browser.get(f"{APP}removal/").content.decode()

    response = browser.post(f"{APP}removal/")

    assert response["Location"] == SECURITY
    assert "The authenticator app is removed." in browser.get(SECURITY).content.decode()
    assert not overview(user).is_on
    browser.post(f"{APP}removal/")
    assert "We could not find this." in browser.get(SECURITY).content.decode()


def test_new_codes_replace_the_old_ones(browser, user):
    give_app(user)
    sign_in(browser, user)
    old = recovery_codes_of(user)

    response = browser.post(CODES)

    assert (response.status_code, response["Location"]) == (303, CODES)
    shown = re.findall(r"<kbd>(\d{4} \d{4})</kbd>", browser.get(CODES).content.decode())
    assert shown == recovery_codes_of(user) != old


def test_codes_without_a_factor_are_404_and_there_are_none_to_see(browser):
    assert browser.post(CODES).status_code == 404
    assert "There are none." in browser.get(CODES).content.decode()


def test_passkey_is_added_renamed_and_removed(browser, user):
    key = SoftKey(HERE)
    assert browser.get(NEW_PASSKEY).status_code == 200
    answer = key.make(browser.post("/account/passkeys/add/").json())
    response = browser.post(NEW_PASSKEY, {"name": "Phone", "credential": answer})
    assert (response.status_code, response["Location"]) == (303, CODES)
    passkey = overview(user).passkeys[0]
    page = f"{NEW_PASSKEY}{passkey.pk}/"

    assert 'value="Phone"' in browser.get(page).content.decode()
    assert browser.post(page, {"name": ""}).status_code == 422
    assert browser.post(page, {"name": "Telephone"})["Location"] == SECURITY
    assert overview(user).passkeys[0].data["name"] == "Telephone"
    assert "Telephone" in browser.get(f"{page}removal/").content.decode()
    assert browser.post(f"{page}removal/")["Location"] == SECURITY
    assert not overview(user).is_on
    assert browser.get(page).status_code == 404


@pytest.mark.parametrize(
    "said",
    [{"name": "Phone", "credential": "{}"}, {"name": "Phone"}, {"name": "", "credential": ""}],
)
def test_passkey_that_was_not_made_comes_back_to_the_form(browser, user, said):
    browser.post("/account/passkeys/add/")

    assert browser.post(NEW_PASSKEY, said).status_code == 422
    assert not overview(user).is_on


@pytest.mark.req("AUTH-09")
def test_passkeys_of_others_are_404(browser):
    other = UserFactory()
    give_passkey(other)
    page = f"{NEW_PASSKEY}{overview(other).passkeys[0].pk}/"

    assert browser.get(page).status_code == 404
    assert browser.post(page, {"name": "Mine"}).status_code == 404
    assert browser.get(f"{page}removal/").status_code == 404
    browser.post(f"{page}removal/")
    assert [row.data["name"] for row in overview(other).passkeys] == ["Key"]


PAGES = [APP, f"{APP}removal/", CODES, NEW_PASSKEY, f"{NEW_PASSKEY}1/", f"{NEW_PASSKEY}1/removal/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_change_asks_for_a_fresh_proof(browser, user, page, method):
    prove(browser, FRESH_SECONDS + 1)
    before = AuditEntry.objects.count()

    response = getattr(browser, method)(page)

    assert response.status_code == 303
    assert response["Location"] == f"{CONFIRM}?next={page.replace('/', '%2F')}"
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("page", [SECURITY, CONFIRM, *PAGES])
def test_strangers_are_led_to_the_sign_in(client, page):
    assert client.get(page)["Location"].startswith("/account/login/?next=")


@pytest.mark.req("AUTH-13")
def test_password_confirms_and_leads_on(browser, user):
    prove(browser, FRESH_SECONDS + 1)
    assert browser.get(CONFIRM, {"next": APP}).status_code == 200

    response = browser.post(CONFIRM, {"password": PASSWORD, "next": APP})

    assert (response.status_code, response["Location"]) == (303, APP)
    assert browser.get(APP).status_code == 200
    assert AuditEntry.objects.get().action == "auth.confirmed"


def test_wrong_password_confirms_nothing(browser, user):
    prove(browser, FRESH_SECONDS + 1)

    response = browser.post(CONFIRM, {"password": "wrong", "next": APP})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["password"]
    assert browser.get(APP).status_code == 303
    assert AuditEntry.objects.get().action == "auth.confirmation_failed"


@pytest.mark.parametrize("wanted", ["//evil.test/", "https://evil.test/", ""])
def test_confirmation_leads_nowhere_else(browser, wanted):
    response = browser.post(CONFIRM, {"password": PASSWORD, "next": wanted})

    assert response["Location"] == SECURITY


def test_passkey_confirms(browser, user):
    key = give_passkey(user)
    sign_in(browser, user)
    key.origin = HERE
    prove(browser, FRESH_SECONDS + 1)
    signed = key.sign(browser.post("/account/passkeys/confirm/").json())

    assert browser.post(CONFIRM, {"credential": signed})["Location"] == SECURITY
    assert browser.get(APP).status_code == 200
    prove(browser, FRESH_SECONDS + 1)
    assert browser.post(CONFIRM, {"credential": signed}).status_code == 422
    assert browser.get(APP).status_code == 303


def test_accounts_without_a_password_confirm_by_a_mailed_link(browser, user):
    user.set_unusable_password()
    user.save()
    sign_in(browser, user)

    page = browser.get(CONFIRM).content.decode()

    assert 'name="password"' not in page
    assert "/account/login/link/" in page


@pytest.mark.req("AUTH-08")
def test_confirmation_is_limited(browser, rate_limits):
    for _ in range(10):
        assert browser.post(CONFIRM, {"password": "wrong"}).status_code == 422

    response = browser.post(CONFIRM, {"password": PASSWORD})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


@pytest.mark.req("AUTH-08")
def test_confirmation_is_503_while_attempts_cannot_be_counted(browser, rate_limits, redis_is_down):
    assert browser.post(CONFIRM, {"password": PASSWORD}).status_code == 503


def test_last_factor_of_staff_stays_with_a_sentence(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    clerk = EmployeeFactory()
    give_app(clerk)
    sign_in(client, clerk)

    client.post(f"{APP}removal/")

    assert "Staff need a second factor here" in client.get(SECURITY).content.decode()
    assert overview(clerk).is_on
