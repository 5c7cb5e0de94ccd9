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
def reader(client, user):
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


def test_overview_says_off_then_on(reader, user, django_assert_max_num_queries):
    page = reader.get(SECURITY)
    assert "no-store" in page["Cache-Control"]
    assert "Whoever knows your password can sign in as you." in page.content.decode()
    give_app(user)
    sign_in(reader, user)
    give_passkey(user, "Ada’s phone")

    with django_assert_max_num_queries(6):
        html = reader.get(SECURITY).content.decode()

    assert "10 are left" in html
    assert "Ada’s phone" in html
    assert html.count("<h1>") == 1


def test_app_is_set_up_with_its_first_code_and_shows_recovery_codes_once(reader, user):
    other = BrowserSession.objects.count()
    sealed = begun(reader)
    page = reader.get(APP).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert reader.session["authenticator_app_begun"] == sealed

    response = reader.post(APP, {"code": code_of(sealed)})

    assert (response.status_code, response["Location"]) == (303, CODES)
    shown = reader.get(CODES).content.decode()
    assert re.findall(r"<kbd>(\d{4} \d{4})</kbd>", shown) == recovery_codes_of(user)
    assert len(recovery_codes_of(user)) == 10
    again = reader.get(CODES).content.decode()
    assert "cannot be shown again" in again
    assert "<kbd>" not in again
    assert reader.get(SECURITY).status_code == 200
    assert BrowserSession.objects.count() == other


def test_wrong_code_leaves_it_off_with_the_same_picture(reader, user):
    sealed = begun(reader)

    response = reader.post(APP, {"code": wrong_code(sealed)})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]
    assert reader.session["authenticator_app_begun"] == sealed
    assert not overview(user).is_on


def test_this_browser_stays_and_others_end(reader, user):
    other = Client()
    sign_in(other, user)
    reader.post(APP, {"code": code_of(begun(reader))})

    assert reader.get(SECURITY).status_code == 200
    assert other.get(SECURITY).status_code == 302


def test_second_app_is_not_offered(reader, user):
    give_app(user)
    sign_in(reader, user)

    assert reader.get(APP)["Location"] == SECURITY


def test_app_is_removed_after_a_question(reader, user):
    give_app(user)
    sign_in(reader, user)
    assert "Remove the authenticator app" in reader.get(f"{APP}removal/").content.decode()

    response = reader.post(f"{APP}removal/")

    assert response["Location"] == SECURITY
    assert "The authenticator app is removed." in reader.get(SECURITY).content.decode()
    assert not overview(user).is_on
    reader.post(f"{APP}removal/")
    assert "We could not find this." in reader.get(SECURITY).content.decode()


def test_new_codes_replace_the_old_ones(reader, user):
    give_app(user)
    sign_in(reader, user)
    old = recovery_codes_of(user)

    response = reader.post(CODES)

    assert (response.status_code, response["Location"]) == (303, CODES)
    shown = re.findall(r"<kbd>(\d{4} \d{4})</kbd>", reader.get(CODES).content.decode())
    assert shown == recovery_codes_of(user) != old


def test_codes_without_a_factor_are_404_and_there_are_none_to_see(reader):
    assert reader.post(CODES).status_code == 404
    assert "You have no recovery codes." in reader.get(CODES).content.decode()


def test_passkey_is_added_renamed_and_removed(reader, user):
    key = SoftKey(HERE)
    assert reader.get(NEW_PASSKEY).status_code == 200
    answer = key.make(reader.post("/account/passkeys/add/").json())
    response = reader.post(NEW_PASSKEY, {"name": "Phone", "credential": answer})
    assert (response.status_code, response["Location"]) == (303, CODES)
    passkey = overview(user).passkeys[0]
    page = f"{NEW_PASSKEY}{passkey.pk}/"

    assert 'value="Phone"' in reader.get(page).content.decode()
    assert reader.post(page, {"name": ""}).status_code == 422
    assert reader.post(page, {"name": "Telephone"})["Location"] == SECURITY
    assert overview(user).passkeys[0].data["name"] == "Telephone"
    assert "Telephone" in reader.get(f"{page}removal/").content.decode()
    assert reader.post(f"{page}removal/")["Location"] == SECURITY
    assert not overview(user).is_on
    assert reader.get(page).status_code == 404


@pytest.mark.parametrize(
    "said",
    [{"name": "Phone", "credential": "{}"}, {"name": "Phone"}, {"name": "", "credential": ""}],
)
def test_passkey_that_was_not_made_comes_back_to_the_form(reader, user, said):
    reader.post("/account/passkeys/add/")

    assert reader.post(NEW_PASSKEY, said).status_code == 422
    assert not overview(user).is_on


@pytest.mark.req("AUTH-09")
def test_passkeys_of_others_are_404(reader):
    other = UserFactory()
    give_passkey(other)
    page = f"{NEW_PASSKEY}{overview(other).passkeys[0].pk}/"

    assert reader.get(page).status_code == 404
    assert reader.post(page, {"name": "Mine"}).status_code == 404
    assert reader.get(f"{page}removal/").status_code == 404
    reader.post(f"{page}removal/")
    assert [row.data["name"] for row in overview(other).passkeys] == ["Key"]


PAGES = [APP, f"{APP}removal/", CODES, NEW_PASSKEY, f"{NEW_PASSKEY}1/", f"{NEW_PASSKEY}1/removal/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_change_asks_for_a_fresh_proof(reader, user, page, method):
    prove(reader, FRESH_SECONDS + 1)
    before = AuditEntry.objects.count()

    response = getattr(reader, method)(page)

    assert response.status_code == 303
    assert response["Location"] == f"{CONFIRM}?next={page.replace('/', '%2F')}"
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("page", [SECURITY, CONFIRM, *PAGES])
def test_strangers_are_led_to_the_sign_in(client, page):
    assert client.get(page)["Location"].startswith("/account/login/?next=")


@pytest.mark.req("AUTH-13")
def test_password_confirms_and_leads_on(reader, user):
    prove(reader, FRESH_SECONDS + 1)
    assert reader.get(CONFIRM, {"next": APP}).status_code == 200

    response = reader.post(CONFIRM, {"password": PASSWORD, "next": APP})

    assert (response.status_code, response["Location"]) == (303, APP)
    assert reader.get(APP).status_code == 200
    assert AuditEntry.objects.get().action == "auth.confirmed"


def test_wrong_password_confirms_nothing(reader, user):
    prove(reader, FRESH_SECONDS + 1)

    response = reader.post(CONFIRM, {"password": "wrong", "next": APP})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["password"]
    assert reader.get(APP).status_code == 303
    assert AuditEntry.objects.get().action == "auth.confirmation_failed"


@pytest.mark.parametrize("wanted", ["//evil.test/", "https://evil.test/", ""])
def test_confirmation_leads_nowhere_else(reader, wanted):
    response = reader.post(CONFIRM, {"password": PASSWORD, "next": wanted})

    assert response["Location"] == SECURITY


def test_passkey_confirms(reader, user):
    key = give_passkey(user)
    sign_in(reader, user)
    key.origin = HERE
    prove(reader, FRESH_SECONDS + 1)
    signed = key.sign(reader.post("/account/passkeys/confirm/").json())

    assert reader.post(CONFIRM, {"credential": signed})["Location"] == SECURITY
    assert reader.get(APP).status_code == 200
    prove(reader, FRESH_SECONDS + 1)
    assert reader.post(CONFIRM, {"credential": signed}).status_code == 422
    assert reader.get(APP).status_code == 303


def test_accounts_without_a_password_confirm_by_a_mailed_link(reader, user):
    user.set_unusable_password()
    user.save()
    sign_in(reader, user)

    page = reader.get(CONFIRM).content.decode()

    assert 'name="password"' not in page
    assert "/account/login/link/" in page


@pytest.mark.req("AUTH-08")
def test_confirmation_is_limited(reader, rate_limits):
    for _ in range(10):
        assert reader.post(CONFIRM, {"password": "wrong"}).status_code == 422

    response = reader.post(CONFIRM, {"password": PASSWORD})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


@pytest.mark.req("AUTH-08")
def test_confirmation_is_503_while_attempts_cannot_be_counted(reader, rate_limits, redis_is_down):
    assert reader.post(CONFIRM, {"password": PASSWORD}).status_code == 503


def test_last_factor_of_staff_stays_with_a_sentence(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    clerk = EmployeeFactory()
    give_app(clerk)
    sign_in(client, clerk)

    client.post(f"{APP}removal/")

    assert "Staff need a second factor here" in client.get(SECURITY).content.decode()
    assert overview(clerk).is_on
