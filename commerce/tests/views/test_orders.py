"""A shopper's order pages."""

import pytest
from django.urls import reverse

from commerce.services import carts, checkout
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart

pytestmark = [pytest.mark.django_db, pytest.mark.req("COMM-06")]


@pytest.fixture
def book(db):
    return stocked_book(WarehouseFactory(), 50, title="A Book")


def orders_of(user, book, number):
    for _ in range(number):
        carts.add_book(user=user, book_id=book.pk, quantity=1)
        yield checkout.check_out(user=user, request=DELIVERY)


@pytest.mark.parametrize("number", [1, 3])
def test_history_takes_the_same_queries_at_any_size(
    client, book, number, django_assert_num_queries
):
    user = user_with_cart()
    placed = list(orders_of(user, book, number))
    client.force_login(user)

    with django_assert_num_queries(8):  # session, user, count, orders, 3 × their rows, copies
        page = client.get(reverse("commerce:orders"))

    found = [order.number for order in page.context["page"].items]
    assert found == [order.number for order in reversed(placed)]
    assert "Confirmed" in page.text


def test_order_shows_prices_as_paid_and_where_it_goes(client, book):
    user = user_with_cart()
    (order,) = orders_of(user, book, 1)
    book.price = 99
    book.save(update_fields=["price"])
    client.force_login(user)

    page = client.get(order.get_absolute_url())

    assert page.status_code == 200
    for words in ("A Book", "₪40.00", "₪70.00", "12 Book Lane", order.number):
        assert words in page.text
    assert "₪99.00" not in page.text


@pytest.mark.req("AUTH-09")
def test_anothers_order_is_404(client, book):
    (order,) = orders_of(user_with_cart(), book, 1)
    client.force_login(user_with_cart())

    page = client.get(order.get_absolute_url())

    assert page.status_code == 404
    assert "We could not find this order." in page.text
    assert order.contact.line1 not in page.text


def test_history_without_orders_offers_a_way_on(client, db):
    client.force_login(user_with_cart())

    page = client.get(reverse("commerce:orders"))

    assert reverse("catalog:browse") in page.text
    assert "You have not ordered anything yet." in page.text


def test_page_past_the_end_is_404(client, db):
    client.force_login(user_with_cart())

    assert client.get(reverse("commerce:orders"), {"page": 7}).status_code == 404
    assert client.get(reverse("commerce:orders"), {"page": "x"}).status_code == 400


def test_payment_that_is_not_certain_says_so(client, book):
    user = user_with_cart(book)
    client.force_login(user)
    order = checkout.place_order(user=user, request=DELIVERY)

    page = client.get(order.get_absolute_url())

    assert "We do not know yet whether your payment went through." in page.text


def test_addresses_are_gone_with_the_way_back_after_signing_out(client, book):
    user = user_with_cart()
    (order,) = orders_of(user, book, 1)
    client.force_login(user)

    for path in (reverse("commerce:orders"), order.get_absolute_url()):
        assert "no-store" in client.get(path)["Cache-Control"]
