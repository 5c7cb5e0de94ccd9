"""Changing a cart."""

import pytest

from catalog.errors import BookNotFound, InsufficientStock
from catalog.services import stock
from catalog.tests.factories import BookFactory, BranchFactory
from commerce import errors
from commerce.models import Cart, CartLine
from commerce.selectors import carts as cart_selectors
from commerce.services import carts
from commerce.tests.factories import stocked_book, user_with_cart
from core.errors import Invalid

pytestmark = pytest.mark.django_db


def quantities_of(user):
    return [(line.book.id, line.quantity) for line in cart_selectors.cart_of(user.pk).lines]


@pytest.mark.req("CART-01")
def test_same_book_adds_up_in_one_line(warehouse):
    book = stocked_book(warehouse, 9)
    user = user_with_cart(book, quantity=2)

    carts.add_book(user=user, book_id=book.pk, quantity=3)

    assert quantities_of(user) == [(book.pk, 5)]
    assert Cart.objects.filter(user=user).count() == 1


@pytest.mark.req("CART-01")
def test_quantity_changes_and_line_goes(warehouse):
    first, second = stocked_book(warehouse, 9), stocked_book(warehouse, 9)
    user = user_with_cart(first, second)
    lines = cart_selectors.cart_of(user.pk).lines

    carts.set_quantity(user=user, line_id=lines[0].id, quantity=7)
    carts.remove_line(user=user, line_id=lines[1].id)

    assert quantities_of(user) == [(first.pk, 7)]


@pytest.mark.req("CART-01")
def test_clearing_leaves_an_empty_cart(warehouse):
    user = user_with_cart(stocked_book(warehouse, 9))

    carts.clear_cart(user=user)

    assert quantities_of(user) == []


@pytest.mark.req("CART-01")
@pytest.mark.parametrize("quantity", [0, -1, 100, 10**9])
def test_quantity_out_of_range_is_refused(warehouse, quantity):
    book = stocked_book(warehouse, 500)
    user = user_with_cart(book)

    with pytest.raises(Invalid):
        carts.add_book(user=user, book_id=book.pk, quantity=quantity)

    assert quantities_of(user) == [(book.pk, 1)]


@pytest.mark.req("CART-01")
def test_copies_over_ninety_nine_do_not_add_up(warehouse):
    book = stocked_book(warehouse, 500)
    user = user_with_cart(book, quantity=60)

    with pytest.raises(Invalid):
        carts.add_book(user=user, book_id=book.pk, quantity=60)

    assert quantities_of(user) == [(book.pk, 60)]


@pytest.mark.req("CART-02")
def test_more_than_there_is_says_what_there_is(warehouse):
    book = stocked_book(warehouse, 2)
    user = user_with_cart(book)

    with pytest.raises(InsufficientStock) as refused:
        carts.add_book(user=user, book_id=book.pk, quantity=2)

    assert refused.value.data["items"] == [
        {"book_id": book.pk, "title": book.title, "requested": 3, "available": 2}
    ]
    assert quantities_of(user) == [(book.pk, 1)]


@pytest.mark.req("CART-02")
def test_copies_in_every_active_branch_count(warehouse):
    book = stocked_book(warehouse, 1)
    stocked = BranchFactory()
    closed = BranchFactory(is_active=False)
    for branch in (stocked, closed):
        stock.set_quantity(book_id=book.pk, branch_id=branch.pk, quantity=1, actor_id=None)
    user = user_with_cart(book, quantity=2)

    with pytest.raises(InsufficientStock):
        carts.add_book(user=user, book_id=book.pk, quantity=1)


@pytest.mark.req("CART-02")
def test_out_of_stock_is_refused(warehouse):
    user = user_with_cart()

    with pytest.raises(errors.OutOfStock):
        carts.add_book(user=user, book_id=BookFactory().pk, quantity=1)

    assert CartLine.objects.count() == 0


@pytest.mark.req("CART-02")
def test_book_without_price_is_not_sold(warehouse):
    book = stocked_book(warehouse, 5, price=None)

    with pytest.raises(errors.BookUnavailable):
        carts.add_book(user=user_with_cart(), book_id=book.pk, quantity=1)


@pytest.mark.req("CART-02")
def test_unknown_book_is_not_found(warehouse):
    with pytest.raises(BookNotFound):
        carts.add_book(user=user_with_cart(), book_id=10**15, quantity=1)


@pytest.mark.req("AUTH-09")
def test_anothers_line_is_not_there(warehouse):
    mine = user_with_cart(stocked_book(warehouse, 5))
    line = cart_selectors.cart_of(mine.pk).lines[0]
    other = user_with_cart(stocked_book(warehouse, 5))

    with pytest.raises(errors.CartLineNotFound):
        carts.remove_line(user=other, line_id=line.id)
    with pytest.raises(errors.CartLineNotFound):
        carts.set_quantity(user=other, line_id=line.id, quantity=2)

    assert len(cart_selectors.cart_of(mine.pk).lines) == 1
