"""Signing in with Google and GitHub in real Chromium, through gunicorn, under the strict policy."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.test_accessibility import RULES
from tests.servers.identity import Person

pytestmark = [pytest.mark.browser, pytest.mark.req("AUTH-06")]
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])


@pytest.fixture
def people(identity_server):
    """The identity server, knowing two people whom no other test knows."""
    identity_server.reset()
    yield identity_server
    identity_server.reset()


def a_person(people, javascript):
    name = "with" if javascript else "without"
    return people.know(Person(uid=10 + javascript, email=f"{name}-scripts@example.com"))


@SCRIPTS
def test_reader_comes_with_google_connects_github_and_lets_google_go(
    live_shop, people, open_page, javascript
):
    person = a_person(people, javascript)
    page = open_page(f"{live_shop.url}/account/connections/", javascript=javascript)

    page.get_by_role("button", name="Continue with Google").click()
    page.get_by_role("button", name=person.email).click()

    expect(page).to_have_url(f"{live_shop.url}/account/connections/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected logins")
    page.get_by_role("button", name="Disconnect Google").click()
    expect(page.get_by_role("alert")).to_contain_text("This is your only way to sign in.")
    page.get_by_role("button", name="Connect GitHub").click()
    page.get_by_role("button", name=person.email).click()
    expect(page.get_by_role("status")).to_contain_text("GitHub is connected.")
    page.get_by_role("button", name="Disconnect Google").click()
    expect(page.get_by_role("status")).to_contain_text("Google is disconnected.")

    stored = live_shop.rows(
        "SELECT a.provider, a.extra_data::text FROM socialaccount_socialaccount a"
        " JOIN accounts_user u ON u.id = a.user_id WHERE u.email = %s",
        person.email,
    )
    assert stored == [("github", "{}")]
    assert live_shop.rows("SELECT count(*) FROM socialaccount_socialtoken") == [(0,)]
    # One greets the new account, one tells of the connection.
    told = [text for text in live_shop.mails(at_least=2) if f"To: {person.email}" in text]
    assert len(told) == 2


@SCRIPTS
def test_reader_who_says_no_is_back_on_the_page_to_sign_in(
    live_shop, people, open_page, javascript
):
    page = open_page(f"{live_shop.url}/account/login/?next=/cart/", javascript=javascript)

    page.get_by_role("button", name="Continue with GitHub").click()
    page.get_by_role("button", name="No").click()

    expect(page).to_have_url(f"{live_shop.url}/account/login/?next=%2Fcart%2F")
    expect(page.get_by_role("main")).to_contain_text("You did not agree at GitHub")


def test_back_from_the_provider_leads_to_the_shop_not_on_again(live_shop, people, open_page):
    """The page that moves on leaves no trace that would send people forth again."""
    page = open_page(f"{live_shop.url}/account/login/")
    page.get_by_role("button", name="Continue with Google").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")

    page.go_back()

    expect(page).to_have_url(f"{live_shop.url}/account/login/")


def test_pages_on_the_way_are_for_everybody(live_shop, people, open_page):
    person = people.know(Person(uid=30, email="axe@example.com"))
    page = open_page(f"{live_shop.url}/account/register/?next=/account/connections/")
    found = {"register": Axe().run(page, options={"runOnly": RULES}).response["violations"]}
    # An answer without content leaves the browser where it is.
    page.route("**/o/oauth2/v2/auth?**", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="Continue with Google").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("On to Google")
    expect(page.get_by_role("link", name="Continue")).to_have_attribute(
        "href", re.compile("^" + re.escape(people.url))
    )
    found["departure"] = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    page.unroute("**/o/oauth2/v2/auth?**")
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name=person.email).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected logins")
    found["connections"] = Axe().run(page, options={"runOnly": RULES}).response["violations"]

    assert found == {"register": [], "departure": [], "connections": []}
