"""Passkeys and codes in real Chromium, with the browser's own virtual security key."""

import re
import time
from base64 import b32decode
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.fixtures.live_shop import LiveShop

pytestmark = [pytest.mark.browser, pytest.mark.req("AUTH-10")]
PASSWORD = "a-long-enough-password"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def shop(live_shop: LiveShop) -> str:
    """Its address by name: browsers bind passkeys to names, never to numbers."""
    return live_shop.url.replace("127.0.0.1", "localhost")


def plug_in_a_key(page: Page, **properties: object) -> tuple:
    """Give the browser a security key; return what commands it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | properties})
    return session, made["authenticatorId"]


def touch_by_itself(key: tuple, does: bool) -> None:
    """Whether the key answers at once, as if touched; else it waits until this says so."""
    session, number = key
    session.send(
        "WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": number, "enabled": does}
    )


@pytest.fixture
def register(live_shop: LiveShop) -> Callable[[Page, str, str], None]:
    """Make an account whose address is confirmed, as a second factor asks for, and sign in."""

    def done(page: Page, shop: str, email: str) -> None:
        page.goto(f"{shop}/account/register/")
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url("**/account/login/")
        live_shop.rows(
            "UPDATE accounts_user SET is_verified = true WHERE email = %s RETURNING id", email
        )
        sign_in_with_password(page)

    return done


def sign_in_with_password(page: Page, email: str = "") -> None:
    if email:
        page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page, shop: str) -> None:
    page.goto(f"{shop}/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{shop}/account/login/")


def tab_to(page: Page, name: str, role: str = "button") -> None:
    """Walk there with the Tab key alone; fail when a whole round does not meet it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        if here.count() and here.first.evaluate("node => node.textContent.trim()") == name:
            return
    pytest.fail(f"no {role} {name!r} within reach of the keyboard")


def expect_no_violations(page: Page) -> None:
    violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations] == []


def code_of(secret: str, steps: int) -> str:
    assert len(b32decode(secret)) == 20
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_passkey_is_added_and_signs_in_by_keyboard_alone(shop, open_page, register):
    page = open_page(viewport=(1280, 900))
    key = plug_in_a_key(page)
    register(page, shop, "passkey@example.com")

    page.goto(f"{shop}/account/security/")
    expect_no_violations(page)
    tab_to(page, "Add a passkey", "link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")
    expect_no_violations(page)
    expect(page.get_by_label("Name")).to_have_value(re.compile("Chrom"))
    tab_to(page, "Add the passkey")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator(".codes kbd")).to_have_count(10)
    expect_no_violations(page)

    touch_by_itself(key, does=False)
    sign_out(page, shop)
    expect_no_violations(page)
    tab_to(page, "Continue with a passkey")
    page.keyboard.press("Enter")
    expect(page.locator("[data-say]")).to_have_text("Waiting for your device …")
    touch_by_itself(key, does=True)
    expect(page).to_have_url(f"{shop}/")
    page.goto(f"{shop}/account/security/")
    expect(page.get_by_text("last used")).to_be_visible()

    touch_by_itself(key, does=False)
    sign_out(page, shop)
    sign_in_with_password(page, "passkey@example.com")
    touch_by_itself(key, does=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    expect_no_violations(page)
    tab_to(page, "Use a passkey")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{shop}/")


def test_browser_offers_the_passkey_by_itself_where_it_can(shop, open_page, register):
    page = open_page()
    plug_in_a_key(page)
    register(page, shop, "autofill@example.com")
    page.goto(f"{shop}/account/security/passkeys/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator(".codes kbd")).to_have_count(10)
    page.goto(f"{shop}/account/")
    page.get_by_role("button", name="Sign out").click()

    page.goto(f"{shop}/account/login/?next=/cart/")

    # This key picks itself; people pick one among the addresses that the field offers.
    expect(page).to_have_url(f"{shop}/cart/")


def test_passkey_confirms_who_it_is(shop, open_page, live_shop, register):
    page = open_page()
    plug_in_a_key(page)
    register(page, shop, "confirming@example.com")
    page.goto(f"{shop}/account/security/passkeys/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator(".codes kbd")).to_have_count(10)

    page.goto(f"{shop}/account/confirm/?next=/account/security/recovery-codes/")
    expect_no_violations(page)
    page.get_by_role("button", name="Confirm with a passkey").click()

    expect(page).to_have_url(f"{shop}/account/security/recovery-codes/")
    assert live_shop.rows("SELECT count(*) FROM core_auditentry WHERE action = 'auth.confirmed'")


def test_device_that_refuses_is_told_in_a_sentence(shop, open_page, register):
    page = open_page()
    session, key = plug_in_a_key(page)
    register(page, shop, "refusing@example.com")
    page.goto(f"{shop}/account/security/passkeys/")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.get_by_role("button", name="Add the passkey").click()
    said = page.locator("[data-say]")
    expect(said).to_have_text("No passkey was made. Try again when you are ready.")
    expect(page.get_by_role("button", name="Add the passkey")).to_be_focused()

    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto(f"{shop}/account/security/passkeys/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(said).to_have_text("This device holds a passkey of your account already.")


def test_address_of_numbers_is_told_in_a_sentence(live_shop, open_page):
    page = open_page(f"{live_shop.url}/account/login/")
    page.get_by_role("button", name="Continue with a passkey").click()

    expect(page.locator("[data-say]")).to_have_text(
        "Passkeys do not work at this address of the shop."
    )
    expect(page.get_by_role("button", name="Continue with a passkey")).to_be_enabled()


def test_app_and_recovery_codes_without_javascript(shop, open_page, register):
    page = open_page(javascript=False, viewport=(390, 844))
    register(page, shop, "codes@example.com")
    page.goto(f"{shop}/account/security/passkeys/")
    expect(page.get_by_text("An authenticator app works without it.")).to_be_visible()
    expect(page.get_by_role("button", name="Add the passkey")).to_be_hidden()
    page.get_by_role("main").get_by_role("link", name="Set up an app").click()
    secret = page.locator(".key").inner_text().replace(" ", "")

    page.get_by_label("Code").fill("000 000")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right.")
    page.get_by_label("Code").fill(code_of(secret, 0))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".codes kbd")).to_have_count(10)
    codes = page.locator(".codes kbd").all_inner_texts()

    sign_out(page, shop)
    expect(page.get_by_role("button", name="Continue with a passkey")).to_be_hidden()
    sign_in_with_password(page, "codes@example.com")
    page.get_by_label("Code").fill(code_of(secret, 1))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{shop}/")

    sign_out(page, shop)
    sign_in_with_password(page, "codes@example.com")
    page.get_by_label("Code").fill(codes[3])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(f"{shop}/account/security/")
    expect(page.get_by_text("9 are left")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    shop, open_page, scheme, width, register
):
    page = open_page(scheme=scheme, viewport=(width, 844), reduced_motion="reduce")
    plug_in_a_key(page)
    register(page, shop, f"axe-{scheme}-{width}@example.com")
    for path in ("security/app/", "security/passkeys/", "confirm/", "security/recovery-codes/"):
        page.goto(f"{shop}/account/{path}")
        expect_no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto(f"{shop}/account/security/passkeys/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.locator(".codes kbd")).to_have_count(10)
    expect_no_violations(page)
    for link in ("Rename", "Remove"):
        page.goto(f"{shop}/account/security/")
        page.get_by_role("link", name=link).click()
        expect_no_violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), link
