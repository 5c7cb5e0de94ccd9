"""The cart's pages."""

import pytest
from django.urls import reverse

from catalog.tests.factories import BookFactory
from commerce.models import CartLine
from commerce.selectors import carts as cart_selectors
from commerce.tests.factories import WarehouseFactory, stocked_book, user_with_cart

pytestmark = pytest.mark.django_db
ADD = "commerce:cart-lines"


@pytest.fixture
def warehouse(db):
    return WarehouseFactory()


@pytest.mark.req("CART-01")
def test_adding_leads_to_the_cart_and_says_so(client, warehouse):
    book = stocked_book(warehouse, 5)
    client.force_login(user_with_cart())

    answer = client.post(reverse(ADD), {"book_id": book.pk, "quantity": 2}, follow=True)

    assert answer.redirect_chain == [(reverse("commerce:cart"), 303)]
    assert "Added. Your cart has 2 books." in answer.text
    assert book.title in answer.text


@pytest.mark.req("CART-01")
def test_stranger_adding_goes_to_sign_in_and_back_to_the_book(client, warehouse):
    book = stocked_book(warehouse, 5)

    answer = client.post(reverse(ADD), {"book_id": book.pk})

    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{reverse('accounts:login')}?next=%2Fbooks%2F")
    assert CartLine.objects.count() == 0


@pytest.mark.req("CART-02")
def test_adding_what_is_not_there_is_409_with_words(client, warehouse):
    client.force_login(user_with_cart())

    answer = client.post(reverse(ADD), {"book_id": BookFactory(title="Rare Bird").pk})

    assert answer.status_code == 409
    assert "“Rare Bird” is out of stock." in answer.text


@pytest.mark.req("CART-01")
@pytest.mark.parametrize(
    "data",
    [{}, {"book_id": "x"}, {"book_id": "1\x00"}, {"book_id": "9" * 400}, {"quantity": "1e9"}],
)
def test_odd_input_is_422_and_adds_nothing(client, warehouse, data):
    book = stocked_book(warehouse, 5)
    client.force_login(user_with_cart())

    answer = client.post(
        reverse(ADD), data if "quantity" not in data else data | {"book_id": book.pk}
    )

    assert answer.status_code == 422
    assert CartLine.objects.count() == 0


@pytest.mark.req("CART-01")
def test_line_changes_and_goes(client, warehouse):
    user = user_with_cart(stocked_book(warehouse, 5))
    client.force_login(user)
    url = reverse("commerce:cart-line", args=[cart_selectors.cart_of(user.pk).lines[0].id])

    client.post(url, {"quantity": 3})
    assert cart_selectors.cart_of(user.pk).item_count == 3

    client.post(url, {"quantity": 3, "remove": "1"})
    assert cart_selectors.cart_of(user.pk).item_count == 0


@pytest.mark.req("CART-01")
def test_line_beyond_stock_is_409_and_keeps_what_was(client, warehouse):
    user = user_with_cart(stocked_book(warehouse, 2))
    client.force_login(user)
    url = reverse("commerce:cart-line", args=[cart_selectors.cart_of(user.pk).lines[0].id])

    answer = client.post(url, {"quantity": 3})

    assert answer.status_code == 409
    assert cart_selectors.cart_of(user.pk).item_count == 1


@pytest.mark.req("CART-04")
@pytest.mark.parametrize("lines", [1, 3])
def test_cart_page_takes_the_same_queries_at_any_size(
    client, warehouse, lines, django_assert_num_queries
):
    client.force_login(user_with_cart(*(stocked_book(warehouse, 9) for _ in range(lines))))

    with django_assert_num_queries(7):  # session, user, cart's four, copies in the header
        answer = client.get(reverse("commerce:cart"))

    assert answer.status_code == 200
