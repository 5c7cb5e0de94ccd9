"""The life of an account in real Chromium, by keyboard alone, with and without JavaScript.

Register, verify, second factor, sign out everywhere, reset, delete; axe looks at every page.
"""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.fixtures.keyboard import Keyboard
from tests.fixtures.live_shop import LiveShop
from tests.journeys.test_accessibility import RULES

PASSWORD = "seven quiet otters"
NEW_PASSWORD = "nine louder herons"


class Reader:
    """Somebody with an address, a mailbox, a phone and a keyboard."""

    def __init__(self, shop: LiveShop, page: Page, email: str) -> None:
        self.shop, self.page, self.email = shop, page, email
        self.hands = Keyboard(page)
        self.secret = ""
        self.recovery_codes: list[str] = []

    def open(self, path: str) -> None:
        self.page.goto(self.shop.url + path)

    def look(self, heading: str) -> None:
        """The page has this heading, and axe finds nothing on it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        report = Axe().run(self.page, options={"runOnly": RULES})
        assert report.violations_count == 0, report.generate_report()

    def mailed_link(self, subject: str) -> str:
        """Wait for the mail to this reader with this subject; return the link in it."""

        def to_me(text: str) -> bool:
            return self.email in text and f"Subject: {subject}" in text

        text = self.shop.mail(to_me).replace("=\n", "").replace("=3D", "=")
        path = re.search(r"https?://[^/\s]+(/account/\S+/)", text)
        assert path, text
        return path[1]

    def code(self, later: int = 0) -> str:
        """Return what the phone shows now, or some steps of half a minute later."""
        counter = int(time.time()) // 30 + later
        return totp.format_hotp_value(totp.hotp_value(self.secret, counter))

    def sign_in(self, password: str) -> None:
        self.open("/account/login/")
        self.look("Sign in")
        self.hands.type("E-mail address", self.email)
        self.hands.type("Password", password)
        self.hands.press("Sign in")

    def is_signed_out(self) -> None:
        self.open("/account/")
        expect(self.page).to_have_url(re.compile("/account/login/"))


@pytest.mark.browser
@pytest.mark.req("AUTH-07")
@pytest.mark.req("AUTH-10")
@pytest.mark.req("AUTH-12")
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_account_lives_and_ends_by_keyboard(live_shop, open_page, javascript):
    # Without scripts axe cannot run inside the page: it looks at the same pages with them.
    email = f"otter-{javascript}@example.com".lower()
    page = open_page(live_shop.url, javascript=javascript, reduced_motion="reduce")
    reader = Reader(live_shop, page, email)
    if not javascript:
        reader.look = lambda heading: expect(  # type: ignore[method-assign]
            page.get_by_role("heading", level=1)
        ).to_have_text(heading)

    register(reader)
    verify(reader)
    switch_second_factor_on(reader)
    sign_in_with_code(reader)
    sign_out_everywhere(reader)
    reset_password(reader)
    delete_account(reader)

    query = "SELECT count(*) FROM accounts_user WHERE email = %s"
    assert live_shop.rows(query, email) == [(0,)]


def register(reader: Reader) -> None:
    reader.open("/account/register/")
    reader.look("Create an account")
    reader.hands.type("E-mail address", reader.email)
    reader.hands.type("Password", PASSWORD)
    reader.hands.press("Create account")
    reader.sign_in(PASSWORD)


def verify(reader: Reader) -> None:
    reader.page.goto(reader.shop.url + reader.mailed_link("Confirm your e-mail address"))
    reader.look("Confirm your address")
    reader.hands.press("Confirm my address")
    reader.open("/account/")
    reader.look("Your account")
    expect(reader.page.get_by_text("is not confirmed yet")).to_have_count(0)


def switch_second_factor_on(reader: Reader) -> None:
    reader.open("/account/security/")
    reader.look("Security")
    reader.hands.follow("Set up an app")
    reader.look("Set up an authenticator app")
    reader.secret = reader.page.locator("kbd.key").inner_text().replace(" ", "")
    reader.hands.type(re.compile("^Code"), reader.code())
    reader.hands.press("Switch it on")
    reader.look("Recovery codes")
    reader.recovery_codes = reader.page.locator("ol.codes kbd").all_inner_texts()
    reader.hands.follow("I have kept them")
    expect(reader.page.get_by_text("Whoever knows your password still cannot")).to_be_visible()


def sign_in_with_code(reader: Reader) -> None:
    reader.open("/account/")
    reader.hands.press("Sign out")
    reader.sign_in(PASSWORD)
    reader.look("One more step")
    # The app's code of a moment ago was spent on switching it on.
    reader.hands.type(re.compile("^Code"), reader.code(later=1))
    reader.hands.press("Sign in")
    reader.open("/account/")
    reader.look("Your account")


def sign_out_everywhere(reader: Reader) -> None:
    reader.open("/account/sessions/")
    reader.look("Where you are signed in")
    reader.hands.press("Sign out everywhere, here too")
    reader.is_signed_out()


def reset_password(reader: Reader) -> None:
    reader.hands.follow("Forgot your password?")
    reader.look("Choose a new password")
    reader.hands.type("E-mail address", reader.email)
    reader.hands.press("Send the link")
    reader.page.goto(reader.shop.url + reader.mailed_link("Choose a new password"))
    reader.look("Choose a new password")
    reader.hands.type("New password", NEW_PASSWORD)
    reader.hands.press("Store the password")
    reader.sign_in(NEW_PASSWORD)
    reader.look("One more step")
    reader.hands.type(re.compile("^Code"), reader.recovery_codes[0])
    reader.hands.press("Sign in")


def delete_account(reader: Reader) -> None:
    reader.open("/account/delete/")
    reader.look("Delete your account")
    reader.hands.type("Password", NEW_PASSWORD)
    reader.hands.press("Delete my account for good")
    expect(reader.page).to_have_url(re.compile("/account/goodbye/"))
    reader.is_signed_out()
