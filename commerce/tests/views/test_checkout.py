"""The checkout's pages."""

import pytest
from django.urls import reverse

from catalog.models import Inventory
from catalog.services import stock
from catalog.tests.factories import BranchFactory
from commerce.enums import OrderStatus
from commerce.models import Cart, Order
from commerce.tests.factories import WarehouseFactory, stocked_book, user_with_cart

pytestmark = pytest.mark.django_db
ADDRESS = {
    "fulfilment": "DELIVERY",
    "recipient": "Ada Reader",
    "line1": "12 Book Lane",
    "city": "Haifa",
    "postcode": "3303118",
}


@pytest.fixture
def book(db):
    return stocked_book(WarehouseFactory(), 5)


@pytest.fixture
def shopper(client, book):
    client.force_login(user_with_cart(book))
    return client


def pay(client, **changes):
    data = {"payment_method": "tok_visa", "expected_total": "70.00"} | changes
    return client.post(reverse("commerce:checkout-payment"), data)


@pytest.mark.req("COMM-02")
def test_buying_leads_to_the_order(shopper, book):
    answer = shopper.post(reverse("commerce:checkout"), ADDRESS)
    assert (answer.status_code, answer["Location"]) == (303, reverse("commerce:checkout-payment"))
    assert "Pay ₪70.00" in shopper.get(answer["Location"]).text

    answer = pay(shopper)

    order = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, order.get_absolute_url())
    page = shopper.get(answer["Location"]).text
    assert "Thank you. Your order is confirmed." in page
    assert order.contact.line1 == "12 Book Lane"
    assert Inventory.objects.get(book=book).quantity == 4


@pytest.mark.req("COMM-02")
def test_collecting_needs_a_branch_and_no_address(shopper, book):
    branch = BranchFactory()
    stock.set_quantity(book_id=book.pk, branch_id=branch.pk, quantity=1, actor_id=None)

    refused = shopper.post(reverse("commerce:checkout"), {"fulfilment": "PICKUP"})
    assert refused.status_code == 422
    assert "Choose the branch where you collect them" in refused.text

    shopper.post(reverse("commerce:checkout"), {"fulfilment": "PICKUP", "branch": branch.pk})
    pay(shopper, expected_total="40.00")

    assert Order.objects.get().branch == branch


@pytest.mark.req("COMM-02")
def test_missing_address_shows_the_form_again_with_what_was_typed(shopper):
    answer = shopper.post(reverse("commerce:checkout"), ADDRESS | {"line1": ""})

    assert answer.status_code == 422
    assert "Enter the street and house number" in answer.text
    assert "Ada Reader" in answer.text
    assert "<title>Error: " in answer.text


@pytest.mark.req("COMM-04")
def test_declined_card_is_402_and_the_cart_is_back(shopper, book):
    shopper.post(reverse("commerce:checkout"), ADDRESS)

    answer = pay(shopper, payment_method="tok_declined")

    assert answer.status_code == 402
    assert "The payment was declined" in answer.text
    assert Order.objects.get().status == OrderStatus.PAYMENT_FAILED
    assert Inventory.objects.get(book=book).quantity == 5
    assert pay(shopper).status_code == 303


@pytest.mark.req("COMM-04")
@pytest.mark.parametrize("is_decided", [True, False])
def test_pressing_the_button_again_leads_to_the_order(shopper, is_decided):
    shopper.post(reverse("commerce:checkout"), ADDRESS)
    decision = shopper.session["checkout"]
    cart_id = Cart.objects.get().pk
    assert str(cart_id) in shopper.get(reverse("commerce:checkout-payment")).text
    pay(shopper, cart_id=cart_id)
    if is_decided:  # the second press came while the first was still being worked on
        session = shopper.session
        session["checkout"] = decision
        session.save()

    answer = pay(shopper, cart_id=cart_id)

    assert (answer.status_code, answer["Location"]) == (303, Order.objects.get().get_absolute_url())


@pytest.mark.req("COMM-04")
def test_anothers_cart_leads_to_no_order(shopper, client, book):
    shopper.post(reverse("commerce:checkout"), ADDRESS)
    pay(shopper)
    cart_id = Order.objects.get().cart_id
    client.force_login(user_with_cart())

    answer = pay(client, cart_id=cart_id)

    assert (answer.status_code, answer["Location"]) == (302, reverse("commerce:checkout"))


@pytest.mark.req("COMM-02")
def test_stock_lost_meanwhile_is_409_with_what_is_left(shopper, book):
    shopper.post(reverse("commerce:checkout"), ADDRESS)
    branch = Inventory.objects.get(book=book).branch
    stock.set_quantity(book_id=book.pk, branch_id=branch.pk, quantity=0, actor_id=None)

    answer = pay(shopper)

    assert answer.status_code == 409
    assert f"{book.title}: 0 of 1" in answer.text
    assert Order.objects.count() == 0


@pytest.mark.req("CART-04")
def test_price_changed_since_shown_is_409(shopper, book):
    shopper.post(reverse("commerce:checkout"), ADDRESS)
    book.price = 50
    book.save(update_fields=["price"])

    answer = pay(shopper)

    assert answer.status_code == 409
    assert "The total changed to ₪80.00" in answer.text
    assert Order.objects.count() == 0


@pytest.mark.req("COMM-02")
@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "\x00"},
        {"recipient": "x" * 10_000},
        {"city": "Haifa\x1b[2J"},
        {"fulfilment": "BY_OWL"},
        {"slot": "7@1999-01-01"},
        {"slot": "zzz"},
        {"fulfilment": "PICKUP", "branch": "999999999999999999999999"},
    ],
)
def test_odd_input_is_422_and_nothing_is_kept(shopper, changes):
    answer = shopper.post(reverse("commerce:checkout"), ADDRESS | changes)

    assert answer.status_code == 422
    assert "checkout" not in shopper.session


@pytest.mark.req("COMM-02")
def test_empty_answers_are_422_too(shopper):
    assert shopper.post(reverse("commerce:checkout")).status_code == 422
    shopper.post(reverse("commerce:checkout"), ADDRESS)
    assert shopper.post(reverse("commerce:checkout-payment")).status_code == 422


@pytest.mark.req("COMM-02")
@pytest.mark.parametrize("changes", [{"payment_method": "tok_x"}, {"expected_total": "NaN"}])
def test_odd_payment_is_422_and_buys_nothing(shopper, changes):
    shopper.post(reverse("commerce:checkout"), ADDRESS)

    assert pay(shopper, **changes).status_code == 422
    assert Order.objects.count() == 0


@pytest.mark.req("COMM-02")
def test_payment_without_a_decision_goes_back_a_step(shopper):
    answer = shopper.get(reverse("commerce:checkout-payment"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("commerce:checkout"))


@pytest.mark.req("COMM-02")
def test_empty_cart_cannot_be_checked_out(client, db):
    client.force_login(user_with_cart())

    answer = client.get(reverse("commerce:checkout"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("commerce:cart"))


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize("name", ["checkout", "checkout-payment", "cart", "orders"])
def test_strangers_sign_in_first(client, db, name):
    answer = client.get(reverse(f"commerce:{name}"))

    expected = f"{reverse('accounts:login')}?next={reverse(f'commerce:{name}')}"
    assert (answer.status_code, answer["Location"]) == (302, expected)


@pytest.mark.req("COMM-01")
@pytest.mark.parametrize("lines", [1, 3])
def test_steps_take_the_same_queries_at_any_size(client, db, lines, django_assert_num_queries):
    warehouse = WarehouseFactory()
    client.force_login(user_with_cart(*(stocked_book(warehouse, 5) for _ in range(lines))))
    client.post(reverse("commerce:checkout"), ADDRESS)

    with django_assert_num_queries(11):  # session, user, cart, addresses, slots, branches, head
        assert client.get(reverse("commerce:checkout")).status_code == 200
    with django_assert_num_queries(7):
        assert client.get(reverse("commerce:checkout-payment")).status_code == 200


@pytest.mark.req("COMM-01")
@pytest.mark.parametrize(("included", "total"), [(True, "₪70.00"), (False, "₪82.60")])
def test_payment_page_says_only_where_it_holds_that_prices_include_tax(
    shopper, settings, included, total
):
    settings.PRICES_INCLUDE_TAX = included
    shopper.post(reverse("commerce:checkout"), ADDRESS)

    page = shopper.get(reverse("commerce:checkout-payment")).text

    assert ("Prices include tax." in page, f"Pay {total}" in page) == (included, True)
