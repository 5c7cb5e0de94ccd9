"""What came of a payment."""

import pytest

from commerce.enums import CartStatus, OrderStatus, PaymentStatus
from commerce.models import Cart, DeliverySlotDay, Order, Payment
from commerce.services import carts, checkout, settlement
from commerce.tests.factories import (
    DELIVERY,
    stocked_book,
    user_with_cart,
)
from commerce.tests.services.wishes import offered_slot, quantity_of, request_with
from core.errors import Busy, PaymentDeclined

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broken")]


@pytest.mark.req("COMM-04")
def test_check_out_declined_gives_everything_back(warehouse):
    slot, date = offered_slot()
    book = stocked_book(warehouse, 5)
    user = user_with_cart(book, quantity=2)

    with pytest.raises(PaymentDeclined) as refused:
        checkout.check_out(
            user=user,
            request=request_with(payment_method="tok_declined", slot_id=slot.pk, date=date),
        )

    order = Order.objects.get(number=refused.value.data["order_number"])
    assert order.status == OrderStatus.PAYMENT_FAILED
    assert quantity_of(book, warehouse) == 5
    assert DeliverySlotDay.objects.get().seats_taken == 0
    cart = Cart.objects.get(user=user)
    assert cart.status == CartStatus.ACTIVE
    assert cart.lines.get().quantity == 2


@pytest.mark.req("COMM-04")
def test_check_out_after_decline_succeeds_with_another_card(warehouse):
    book = stocked_book(warehouse, 1)
    user = user_with_cart(book)
    with pytest.raises(PaymentDeclined):
        checkout.check_out(user=user, request=request_with(payment_method="tok_declined"))

    order = checkout.check_out(user=user, request=DELIVERY)

    assert order.status == OrderStatus.CONFIRMED
    assert quantity_of(book, warehouse) == 0


@pytest.mark.req("COMM-04")
def test_check_out_unknown_outcome_stays_pending_and_keeps_stock(warehouse):
    book = stocked_book(warehouse, 1)

    order = checkout.check_out(
        user=user_with_cart(book), request=request_with(payment_method="tok_timeout")
    )

    assert order.status == OrderStatus.PENDING
    assert Payment.objects.get(order=order).status == PaymentStatus.UNKNOWN
    assert quantity_of(book, warehouse) == 0


@pytest.mark.req("COMM-04")
def test_check_out_that_cannot_be_settled_now_stays_pending(warehouse, monkeypatch):
    def busy(**kwargs):
        raise Busy

    book = stocked_book(warehouse, 1)
    monkeypatch.setattr(settlement, "settle_payment", busy)

    order = checkout.check_out(user=user_with_cart(book), request=DELIVERY)
    monkeypatch.undo()

    assert order.status == OrderStatus.PENDING
    assert Payment.objects.get(order=order).status == PaymentStatus.INITIATED
    checkout.charge_order(order_id=order.pk)
    order.refresh_from_db()
    assert order.status == OrderStatus.CONFIRMED


@pytest.mark.req("COMM-04")
def test_declined_cart_joins_the_one_begun_meanwhile(warehouse):
    first, second = stocked_book(warehouse, 5), stocked_book(warehouse, 5)
    user = user_with_cart(first, quantity=2)
    order = checkout.place_order(user=user, request=request_with(payment_method="tok_declined"))
    carts.add_book(user=user, book_id=first.pk, quantity=1)
    carts.add_book(user=user, book_id=second.pk, quantity=1)

    checkout.charge_order(order_id=order.pk)

    active = Cart.objects.get(user=user, status=CartStatus.ACTIVE)
    assert dict(active.lines.values_list("book_id", "quantity")) == {first.pk: 3, second.pk: 1}
    assert Cart.objects.get(pk=order.cart_id).status == CartStatus.MERGED


@pytest.mark.req("COMM-04")
def test_settling_twice_changes_nothing(warehouse):
    book = stocked_book(warehouse, 5)
    order = checkout.check_out(user=user_with_cart(book), request=DELIVERY)

    checkout.charge_order(order_id=order.pk)

    assert list(order.events.values_list("to_status", flat=True).order_by("id")) == [
        "PENDING",
        "CONFIRMED",
    ]
