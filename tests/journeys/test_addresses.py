"""A reader keeps two addresses and orders to one of them, with and without JavaScript.

On every page of it axe finds nothing and nothing runs off a narrow screen.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.test_accessibility import RULES

pytestmark = [pytest.mark.browser, pytest.mark.req("AUTH-11")]
PASSWORD = "a-long-enough-password"
RUNS = [
    pytest.param(True, "light", (1280, 800), id="javascript"),
    pytest.param(True, "dark", (390, 844), id="phone-dark"),
    pytest.param(False, "light", (390, 844), id="no-javascript"),
]
KEPT = """
    SELECT line1, is_default FROM accounts_address a JOIN accounts_user u ON u.id = a.user_id
    WHERE u.email = %s ORDER BY a.id
"""
SENT = "SELECT line1, delivery_preferences FROM commerce_ordercontact WHERE email = %s"


def looked_at(page: Page, title: str, javascript: bool) -> None:
    """Judge a page by whether it runs off the screen, and by axe, which needs JavaScript."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    if javascript:
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("javascript", "scheme", "viewport"), RUNS)
def test_reader_keeps_addresses_and_orders_to_one(
    live_shop, open_page, javascript, scheme, viewport
):
    page = open_page(javascript=javascript, scheme=scheme, viewport=viewport)
    email = f"sender-{javascript}-{scheme}@example.com".lower()
    register(page, live_shop.url, email)

    page.goto(f"{live_shop.url}/account/")
    looked_at(page, "Your account", javascript)
    page.get_by_role("link", name="Addresses").click()
    looked_at(page, "Your addresses", javascript)
    add(page, "12 Book Lane")
    add(page, "1 Mill Road", handover="Hand them over against a signature only")
    looked_at(page, "Your addresses", javascript)
    page.get_by_role("button", name="Make default: 1 Mill Road").click()
    assert live_shop.rows(KEPT, email) == [("12 Book Lane", False), ("1 Mill Road", True)]

    put_a_book_into_the_cart(page, live_shop.url)
    page.goto(f"{live_shop.url}/checkout/")
    looked_at(page, "Where should your books go?", javascript)
    expect(page.get_by_label(re.compile("1 Mill Road"))).to_be_checked()
    expect(page.get_by_label("Street and house number")).to_be_hidden()
    page.get_by_label("Another address").check()
    expect(page.get_by_label("Street and house number")).to_be_visible()
    looked_at(page, "Where should your books go?", javascript)
    page.get_by_label(re.compile("1 Mill Road")).check()
    page.get_by_role("button", name="Continue to payment").click()
    looked_at(page, "Pay and check", javascript)
    page.get_by_role("button", name=re.compile("^Pay ")).click()

    expect(page.get_by_text("Signature required")).to_be_visible()
    ((line1, wishes),) = live_shop.rows(SENT, email)
    assert (line1, wishes["signature_required"]) == ("1 Mill Road", True)


def test_every_control_of_an_address_is_reached_by_keyboard(live_shop, open_page):
    page = open_page()
    register(page, live_shop.url, "keyboard-sender@example.com")
    page.goto(f"{live_shop.url}/account/addresses/new/")
    page.get_by_label("Full name").focus()
    for typed in ("Ada Reader", "12 Book Lane", "", "3303118", "Haifa"):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    for _country_phone in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Leave them at the door")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Shed")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("The address is saved.")
    expect(page.get_by_role("main")).to_contain_text("Safe place: Shed")


def register(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/account/register/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label(re.compile("^Name")).fill("Ada Reader")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def add(page: Page, line1: str, handover: str = "Ring, and hand them over") -> None:
    page.get_by_role("link", name="Add an address").click()
    page.get_by_label("Full name").fill("Ada Reader")
    page.get_by_label("Street and house number").fill(line1)
    page.get_by_label("Postcode").fill("3303118")
    page.get_by_label("Town or city").fill("Haifa")
    page.get_by_label(handover).check()
    page.get_by_role("button", name="Save the address").click()
    expect(page.get_by_role("status")).to_contain_text("The address is saved.")


def put_a_book_into_the_cart(page: Page, url: str) -> None:
    page.goto(f"{url}/books/?in_stock=true")
    page.get_by_role("main").locator("a[href^='/books/']:has(img), h2 a, h3 a").first.click()
    page.get_by_role("button", name="Add to cart").click()
