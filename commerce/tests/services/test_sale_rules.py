"""A book whose day has not come stays out of carts and orders, whatever was in the cart before."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.models import Book, StockMovement
from commerce import errors
from commerce.models import CartLine, Order
from commerce.selectors import carts as cart_selectors
from commerce.services import carts, checkout
from commerce.tests.factories import DELIVERY, stocked_book, user_with_cart
from commerce.tests.services.wishes import quantity_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.req("CATL-10"),
    pytest.mark.usefixtures("nothing_broken"),
]


def tomorrow():
    return timezone.localdate() + dt.timedelta(days=1)


def dated(facts):
    return {name: tomorrow() if said == "tomorrow" else said for name, said in facts.items()}


@pytest.mark.parametrize(
    "dates",
    [
        {"on_sale_on": "tomorrow"},
        {"published_on": "tomorrow"},
        {"published_on": "tomorrow", "on_sale_on": "tomorrow", "is_preorder_allowed": True},
    ],
)
def test_book_before_its_day_goes_into_no_cart(warehouse, dates):
    facts = dated(dates)
    book = stocked_book(warehouse, 5, title="Emma", **facts)

    with pytest.raises(errors.BookUnavailable) as caught:
        carts.add_book(user=user_with_cart(), book_id=book.pk, quantity=1)

    assert caught.value.code == "BOOK_UNAVAILABLE"
    assert caught.value.details["sold_from"] == tomorrow().isoformat()
    said = f"{tomorrow().day} {tomorrow():%B %Y}"
    assert caught.value.message == f"“Emma” is not on sale before {said}."
    assert CartLine.objects.count() == 0


def test_preorder_is_bought_before_publication(warehouse):
    book = stocked_book(warehouse, 5, published_on=tomorrow(), is_preorder_allowed=True)

    order = checkout.check_out(user=user_with_cart(book, quantity=2), request=DELIVERY)

    assert order.status == "CONFIRMED"
    assert quantity_of(book, warehouse) == 3


@pytest.mark.parametrize(
    "change",
    [{"on_sale_on": "tomorrow"}, {"published_on": "tomorrow", "is_preorder_allowed": False}],
)
def test_placing_looks_again_and_the_cart_says_why(warehouse, change):
    book = stocked_book(warehouse, 5, is_preorder_allowed=True)
    user = user_with_cart(book)
    Book.objects.filter(pk=book.pk).update(**dated(change))

    for act in (checkout.check_out, checkout.preview_order):
        with pytest.raises(errors.BookUnavailable):
            act(user=user, request=DELIVERY)

    assert (Order.objects.count(), StockMovement.objects.filter(reason="SALE").count()) == (0, 0)
    assert quantity_of(book, warehouse) == 5
    (line,) = cart_selectors.cart_of(user.pk).lines
    assert (line.unit_price, line.notice.code, line.notice.sold_from) == (
        None,
        "BOOK_UNAVAILABLE",
        tomorrow(),
    )


def test_control_the_same_book_is_sold_from_its_day_on(warehouse):
    today = timezone.localdate()
    book = stocked_book(warehouse, 5, on_sale_on=today, published_on=today)
    assert checkout.check_out(user=user_with_cart(book), request=DELIVERY).status == "CONFIRMED"
