"""What a cart shows."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Book
from catalog.services import stock
from commerce.enums import CartStatus
from commerce.models import Cart, CartLine
from commerce.selectors import carts as cart_selectors
from commerce.tests.factories import WarehouseFactory, stocked_book, user_with_cart

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse(db):
    return WarehouseFactory()


@pytest.mark.req("CART-04")
@pytest.mark.parametrize("lines", [1, 3])
def test_cart_takes_the_same_queries_at_any_size(warehouse, lines, django_assert_num_queries):
    user = user_with_cart(*(stocked_book(warehouse, 9) for _ in range(lines)))

    with django_assert_num_queries(4):
        cart = cart_selectors.cart_of(user.pk)

    assert cart.item_count == lines
    assert cart.subtotal == Decimal("40.00") * lines


@pytest.mark.req("CART-04")
def test_cart_says_what_changed(warehouse):
    dearer, fewer, gone, withdrawn, same = (stocked_book(warehouse, 9) for _ in range(5))
    user = user_with_cart(dearer, fewer, gone, withdrawn, same, quantity=2)
    Book.objects.filter(pk=dearer.pk).update(price=Decimal("45.00"))
    Book.objects.filter(pk=withdrawn.pk).update(deleted_at=timezone.now())
    for book, quantity in ((fewer, 1), (gone, 0)):
        stock.set_quantity(
            book_id=book.pk, branch_id=warehouse.pk, quantity=quantity, actor_id=None
        )

    cart = cart_selectors.cart_of(user.pk)

    assert [(notice.book_id, notice.code) for notice in cart.notices] == [
        (dearer.pk, "PRICE_CHANGED"),
        (fewer.pk, "INSUFFICIENT_STOCK"),
        (gone.pk, "OUT_OF_STOCK"),
        (withdrawn.pk, "BOOK_UNAVAILABLE"),
    ]
    assert cart.lines[0].line_total == Decimal("90.00")
    assert cart.lines[3].unit_price is None


@pytest.mark.req("CART-01")
def test_copies_in_cart_counts_copies(warehouse, django_assert_num_queries):
    user = user_with_cart(stocked_book(warehouse, 9), stocked_book(warehouse, 9), quantity=4)

    with django_assert_num_queries(1):
        assert cart_selectors.copies_in_cart(user.pk) == 8


@pytest.mark.req("CART-01")
def test_written_sql_reads_the_lines_that_the_orm_reads(warehouse):
    user = user_with_cart(*(stocked_book(warehouse, 9) for _ in range(3)), quantity=2)
    user_with_cart(stocked_book(warehouse, 9))
    ordered = Cart.objects.create(user=user, status=CartStatus.CHECKED_OUT)
    CartLine.objects.create(
        cart=ordered, book=stocked_book(warehouse, 9), quantity=1, unit_price_seen=1
    )
    lines = CartLine.objects.filter(cart__in=cart_selectors.active_cart_of(user.pk))

    cart = cart_selectors.cart_of(user.pk)

    assert [(cart.id, line.id, line.book.id, line.quantity) for line in cart.lines] == [
        (line.cart_id, line.pk, line.book_id, line.quantity)
        for line in lines.order_by("added_at", "pk")
    ]
    assert cart_selectors.copies_in_cart(user.pk) == sum(line.quantity for line in lines) == 6
