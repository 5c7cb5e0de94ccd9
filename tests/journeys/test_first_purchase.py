"""A stranger buys a book: in the browser with and without JavaScript, and on the API.

Staff then see the order in the admin; stock went down by one and the ledger says why.
"""

import json
import re
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.live_shop import LiveShop

PASSWORD = "a-long-enough-password"
STOCK = """
    SELECT i.quantity FROM catalog_inventory i JOIN catalog_branch b ON b.id = i.branch_id
    WHERE i.book_id = %s AND b.is_warehouse
"""
LEDGER = """
    SELECT m.delta, m.reason FROM catalog_stockmovement m
    JOIN catalog_inventory i ON i.id = m.inventory_id WHERE i.book_id = %s AND m.reference = %s
"""


def a_book(shop: LiveShop) -> tuple[int, str]:
    """A book that the warehouse has plenty of."""
    query = """
        SELECT b.id, b.title FROM catalog_book b
        JOIN catalog_inventory i ON i.book_id = b.id JOIN catalog_branch w ON w.id = i.branch_id
        WHERE w.is_warehouse AND i.quantity > 3 AND b.price IS NOT NULL
          AND b.title ~ '^[A-Za-z ]+$' ORDER BY b.id LIMIT 1
    """
    return shop.rows(query)[0]


def order_of(shop: LiveShop, number: str) -> tuple:
    query = "SELECT id::text, status FROM commerce_order WHERE number = %s"
    return shop.rows(query, number)[0]


@pytest.mark.browser
@pytest.mark.req("COMM-02")
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_stranger_buys_a_book_in_the_browser(live_shop, open_page, javascript):
    book_id, title = a_book(live_shop)
    email = f"stranger-{javascript}@example.com".lower()
    (before,) = live_shop.rows(STOCK, book_id)[0]
    page = open_page(live_shop.url, javascript=javascript)

    find(page, title)
    register_on_the_way(page, email)
    put_into_cart(page, title)
    number = pay(page)

    order_id, status = order_of(live_shop, number)
    assert status == "CONFIRMED"
    assert live_shop.rows(STOCK, book_id)[0] == (before - 1,)
    assert live_shop.rows(LEDGER, book_id, order_id) == [(-1, "SALE")]
    assert "BROKEN" not in live_shop.manage("check_invariants")
    assert any(number in text and email in text for text in live_shop.mails(at_least=1))
    page.goto(f"{live_shop.url}/orders/")
    expect(page.get_by_role("link", name=number)).to_be_visible()


def find(page: Page, title: str) -> None:
    page.get_by_role("searchbox").fill(title)
    page.get_by_role("search").get_by_role("button").click()
    page.get_by_role("main").get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def register_on_the_way(page: Page, email: str) -> None:
    """A stranger's "add" goes to sign-in and, an account later, back to the book."""
    page.get_by_role("button", name="Add to cart").click()
    expect(page).to_have_url(re.compile("/account/login/"))
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label(re.compile("^Name")).fill("Stranger Noone")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/books/"))


def put_into_cart(page: Page, title: str) -> None:
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("status")).to_contain_text("Added. Your cart has 1 book.")
    expect(page.get_by_role("row", name=title)).to_be_visible()
    page.get_by_role("link", name="Go to checkout").click()


def pay(page: Page) -> str:
    page.get_by_label("Full name").fill("Stranger Noone")
    page.get_by_label("Street and house number").fill("12 Book Lane")
    page.get_by_label("Postcode").fill("3303118")
    page.get_by_label("Town or city").fill("Haifa")
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_label("Test card that is paid").check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your order is confirmed.")
    return page.locator("strong.code").inner_text()


@pytest.mark.browser
@pytest.mark.req("COMM-04")
def test_declined_card_says_so_and_the_next_one_pays(live_shop, open_page):
    book_id, title = a_book(live_shop)
    (before,) = live_shop.rows(STOCK, book_id)[0]
    page = open_page(live_shop.url)
    sign_in(page, live_shop, "reader@example.com")

    find(page, title)
    put_into_cart(page, title)
    page.get_by_label("Full name").fill("Demo Reader")
    page.get_by_label("Street and house number").fill("1 Reader Street")
    page.get_by_label("Postcode").fill("3303118")
    page.get_by_label("Town or city").fill("Haifa")
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_label("Test card that is declined").check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.get_by_role("alert")).to_contain_text("The payment was declined")
    assert live_shop.rows(STOCK, book_id)[0] == (before,)

    page.get_by_label("Test card that is paid").check()
    page.get_by_role("button", name=re.compile("^Pay ")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your order is confirmed.")
    assert live_shop.rows(STOCK, book_id)[0] == (before - 1,)


def sign_in(page: Page, shop: LiveShop, email: str) -> None:
    page.goto(f"{shop.url}/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.locator("input[type=password]").fill("bookstore-demo")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(f"^{re.escape(shop.url)}/(?!account/login)"))


@pytest.mark.req("COMM-02")
def test_stranger_buys_a_book_on_the_api_and_staff_see_it(live_shop, open_page):
    book_id, title = a_book(live_shop)
    (before,) = live_shop.rows(STOCK, book_id)[0]
    call = Caller(f"{live_shop.url}/api/v1/")

    who = {"email": "app@example.com", "password": PASSWORD}
    assert call("POST", "auth/register", who)[0] == 201
    pair = call("POST", "auth/login", who)[1]["data"]
    call.headers["Authorization"] = f"Bearer {pair['access']}"
    found = call("GET", f"books?q={title.replace(' ', '%20')}")[1]["data"]
    assert book_id in [book["id"] for book in found]
    assert call("POST", "cart/items", {"book_id": book_id})[0] == 201
    status, order = call(
        "POST",
        "checkout/confirm",
        {
            "fulfilment": "DELIVERY",
            "address": {
                "recipient": "App User",
                "line1": "1 App Street",
                "city": "Haifa",
                "postcode": "3303118",
            },
            "payment_method": "tok_visa",
        },
        {"Idempotency-Key": "first-purchase"},
    )

    assert (status, order["data"]["status"]) == (201, "CONFIRMED")
    assert live_shop.rows(STOCK, book_id)[0] == (before - 1,)
    staff = open_page(live_shop.url)
    sign_in(staff, live_shop, "employee@example.com")
    staff.goto(f"{live_shop.url}/admin/commerce/order/?q={order['data']['number']}")
    expect(staff.get_by_role("link", name=order["data"]["number"])).to_be_visible()


class Caller:
    """A client of the API that knows nothing of Django."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.headers = {"Content-Type": "application/json"}

    def __call__(self, method, path, body=None, headers=None):
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=self.headers | (headers or {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
