"""The cart on the API."""

import pytest

from accounts.tests.factories import PASSWORD
from catalog.tests.factories import BookFactory
from commerce.models import CartLine
from commerce.selectors import carts as cart_selectors
from commerce.tests.factories import stocked_book, user_with_cart

pytestmark = pytest.mark.django_db


@pytest.mark.req("CART-01")
def test_cart_shows_lines_sums_and_books(shopper, book):
    answer = shopper.get("cart")

    assert answer.status_code == 200
    cart = answer.json()["data"]
    assert (cart["item_count"], cart["subtotal"], cart["currency"]) == (1, "40.00", "ILS")
    (item,) = cart["items"]
    assert (item["quantity"], item["unit_price"], item["line_total"], item["available"]) == (
        1,
        "40.00",
        "40.00",
        5,
    )
    assert (item["book"]["id"], item["book"]["isbn13"]) == (book.pk, book.isbn13)
    assert item["notice"] is None
    assert cart["notices"] == []


@pytest.mark.req("CART-01")
def test_add_change_remove_clear(shopper, book):
    added = shopper.post("cart/items", {"book_id": book.pk, "quantity": 2})
    assert (added.status_code, added.json()["data"]["item_count"]) == (201, 3)
    line_id = added.json()["data"]["items"][0]["id"]

    changed = shopper.put(f"cart/items/{line_id}", {"quantity": 4})
    assert (changed.status_code, changed.json()["data"]["item_count"]) == (200, 4)

    removed = shopper.delete(f"cart/items/{line_id}")
    assert (removed.status_code, removed.json()["data"]["items"]) == (200, [])

    cleared = shopper.delete("cart")
    assert (cleared.status_code, cleared.content) == (204, b"")


@pytest.mark.req("CART-02")
def test_adding_refusals_say_why(shopper, warehouse, book):
    unpriced = stocked_book(warehouse, 3, price=None)
    cases = [
        ({"book_id": book.pk, "quantity": 5}, 409, "INSUFFICIENT_STOCK"),
        ({"book_id": BookFactory().pk}, 409, "OUT_OF_STOCK"),
        ({"book_id": unpriced.pk}, 409, "BOOK_UNAVAILABLE"),
        ({"book_id": 10**15}, 404, "BOOK_NOT_FOUND"),
    ]
    for body, status, code in cases:
        answer = shopper.post("cart/items", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    details = shopper.post("cart/items", cases[0][0]).json()["error"]["details"]
    assert details == {
        "items": [{"book_id": book.pk, "title": book.title, "requested": 6, "available": 5}]
    }
    assert CartLine.objects.get().quantity == 1


@pytest.mark.req("BASE-06")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "book_id"),
        ({"book_id": "x"}, "book_id"),
        ({"book_id": 1, "quantity": 0}, "quantity"),
        ({"book_id": 1, "quantity": 1.5}, "quantity"),
        ({"book_id": 1, "quantity": 100}, "quantity"),
        ({"book_id": 10**30}, "book_id"),
        ({"book_id": 1, "price": "0.01"}, "price"),
    ],
)
def test_odd_bodies_name_the_field(shopper, body, field):
    answer = shopper.post("cart/items", body)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "VALIDATION_ERROR"
    assert list(error["details"]) == [field]


@pytest.mark.req("AUTH-09")
def test_anothers_line_is_404(shopper, book):
    other = user_with_cart(book)
    line_id = cart_selectors.cart_of(other.pk).lines[0].id

    assert shopper.put(f"cart/items/{line_id}", {"quantity": 2}).status_code == 404
    assert shopper.delete(f"cart/items/{line_id}").status_code == 404
    assert cart_selectors.cart_of(other.pk).item_count == 1


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "cart"),
        ("DELETE", "cart"),
        ("POST", "cart/items"),
        ("POST", "checkout/preview"),
        ("POST", "checkout/confirm"),
        ("POST", "orders/checkout"),
        ("GET", "orders"),
    ],
)
def test_strangers_are_401(api, db, method, path):
    answer = api.send(method, path, {} if method == "POST" else None)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["error"]["code"] == "NOT_AUTHENTICATED"


@pytest.mark.req("CART-04")
@pytest.mark.parametrize("lines", [1, 3])
def test_cart_takes_the_same_queries_at_any_size(api, warehouse, lines, django_assert_num_queries):
    user = user_with_cart(*(stocked_book(warehouse, 5) for _ in range(lines)))
    api.sign_in(user.email, PASSWORD)

    with django_assert_num_queries(7):  # user, lines, records' four, stock
        assert api.get("cart").status_code == 200
