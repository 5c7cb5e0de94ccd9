"""Buying what is in the cart."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.errors import InsufficientStock
from catalog.models import StockMovement
from catalog.services import stock
from catalog.tests.factories import BranchFactory
from commerce import errors
from commerce.enums import CartStatus, Fulfilment, OrderStatus, PaymentStatus
from commerce.models import Cart, DeliverySlotDay, Order, OrderLine, Payment
from commerce.services import checkout
from commerce.tests.factories import (
    DELIVERY,
    stocked_book,
    user_with_cart,
)
from commerce.tests.services.wishes import offered_slot, quantity_of, request_with
from core.errors import Invalid, PaymentDeclined
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broken")]


@pytest.mark.req("COMM-02")
def test_check_out_confirms_and_takes_stock(warehouse):
    book = stocked_book(warehouse, 5)
    user = user_with_cart(book, quantity=2)

    order = checkout.check_out(user=user, request=DELIVERY)

    assert order.status == OrderStatus.CONFIRMED
    assert (order.subtotal, order.delivery_fee, order.total) == (
        Decimal("80.00"),
        Decimal("30.00"),
        Decimal("110.00"),
    )
    assert order.tax == Decimal("16.78")  # 18 % contained in 80.00 and in 30.00, each rounded
    assert quantity_of(book, warehouse) == 3
    movement = StockMovement.objects.get(reason="SALE")
    assert (movement.delta, movement.reference) == (-2, str(order.pk))
    payment = Payment.objects.get(order=order)
    assert (payment.status, payment.captured_amount) == (PaymentStatus.CAPTURED, order.total)
    assert Cart.objects.get(user=user).status == CartStatus.CHECKED_OUT


@pytest.mark.req("COMM-02")
def test_check_out_keeps_snapshots_when_book_changes(warehouse):
    book = stocked_book(warehouse, 5, title="The First Title")
    order = checkout.check_out(user=user_with_cart(book), request=DELIVERY)

    book.title = "Another"
    book.price = Decimal("99.00")
    book.save(update_fields=["title", "price"])

    line = OrderLine.objects.get(order=order)
    assert (line.title, line.unit_price) == ("The First Title", Decimal("40.00"))


@pytest.mark.req("COMM-02")
def test_check_out_mails_only_what_is_certain(warehouse):
    book = stocked_book(warehouse, 5)
    order = checkout.check_out(user=user_with_cart(book), request=DELIVERY)
    with pytest.raises(PaymentDeclined):
        checkout.check_out(
            user=user_with_cart(book), request=request_with(payment_method="tok_declined")
        )

    ids = [str(pk) for pk in Order.objects.values_list("pk", flat=True)]
    jobs = ProcrastinateJob.objects.filter(
        task_name="commerce.send_order_confirmation", args__order_id__in=ids
    )
    assert len(ids) == 2
    assert [job.args["order_id"] for job in jobs] == [str(order.pk)]


@pytest.mark.req("COMM-02")
def test_check_out_names_every_short_line_and_leaves_nothing(warehouse):
    first, second = stocked_book(warehouse, 2), stocked_book(warehouse, 2)
    user = user_with_cart(first, second, quantity=2)
    stock.set_quantity(book_id=first.pk, branch_id=warehouse.pk, quantity=1, actor_id=None)
    stock.set_quantity(book_id=second.pk, branch_id=warehouse.pk, quantity=0, actor_id=None)

    with pytest.raises(InsufficientStock) as refused:
        checkout.check_out(user=user, request=DELIVERY)

    assert [(i["book_id"], i["available"]) for i in refused.value.data["items"]] == [
        (first.pk, 1),
        (second.pk, 0),
    ]
    assert Order.objects.count() == 0
    assert Cart.objects.get(user=user).status == CartStatus.ACTIVE


@pytest.mark.req("COMM-01")
def test_pickup_takes_the_branch_stock_without_fee(warehouse):
    branch = BranchFactory()
    book = stocked_book(branch, 1)
    user = user_with_cart(book)

    order = checkout.check_out(
        user=user,
        request=request_with(fulfilment=Fulfilment.PICKUP, branch_id=branch.pk, address=None),
    )

    assert (order.branch, order.delivery_fee) == (branch, Decimal("0.00"))
    assert quantity_of(book, branch) == 0


@pytest.mark.req("COMM-01")
def test_delivery_takes_only_warehouse_stock(warehouse):
    book = stocked_book(BranchFactory(), 3)

    with pytest.raises(InsufficientStock):
        checkout.check_out(user=user_with_cart(book), request=DELIVERY)


@pytest.mark.req("COMM-02")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"address": None}, errors.AddressRequired),
        ({"fulfilment": Fulfilment.PICKUP}, Invalid),
        ({"fulfilment": Fulfilment.PICKUP, "branch_id": 10**12}, Invalid),
        ({"payment_method": "tok_unheard_of"}, Invalid),
        ({"expected_total": Decimal("1.00")}, errors.PriceChanged),
        ({"slot_id": 10**12, "date": dt.date(2030, 1, 1)}, errors.SlotInvalid),
    ],
)
def test_check_out_refuses_and_leaves_nothing(warehouse, changes, error):
    book = stocked_book(warehouse, 5)
    user = user_with_cart(book)

    with pytest.raises(error):
        checkout.check_out(user=user, request=request_with(**changes))

    assert Order.objects.count() == 0
    assert quantity_of(book, warehouse) == 5
    assert Cart.objects.get(user=user).status == CartStatus.ACTIVE
    assert not AuditEntry.objects.filter(entity_type="order").exists()


@pytest.mark.req("COMM-02")
def test_check_out_refuses_an_empty_cart(warehouse):
    with pytest.raises(errors.CartEmpty):
        checkout.check_out(user=user_with_cart(), request=DELIVERY)


@pytest.mark.req("COMM-02")
def test_check_out_refuses_a_book_withdrawn_meanwhile(warehouse):
    book = stocked_book(warehouse, 5)
    user = user_with_cart(book)
    book.deleted_at = timezone.now()
    book.save(update_fields=["deleted_at"])

    with pytest.raises(errors.BookUnavailable):
        checkout.check_out(user=user, request=DELIVERY)

    assert quantity_of(book, warehouse) == 5


@pytest.mark.req("COMM-01")
def test_slot_is_full_after_its_last_seat(warehouse):
    slot, date = offered_slot(capacity=1)
    book = stocked_book(warehouse, 5)
    wish = request_with(slot_id=slot.pk, date=date)
    checkout.check_out(user=user_with_cart(book), request=wish)

    with pytest.raises(errors.SlotFull):
        checkout.check_out(user=user_with_cart(book), request=wish)

    assert DeliverySlotDay.objects.get().seats_taken == 1
    assert quantity_of(book, warehouse) == 4


@pytest.mark.req("COMM-02")
def test_statements_do_not_grow_with_lines(warehouse):
    counts = {}
    for lines in (1, 3, 20):
        user = user_with_cart(*(stocked_book(warehouse, 5) for _ in range(lines)))
        with CaptureQueriesContext(connection) as captured:
            checkout.check_out(user=user, request=DELIVERY)
        counts[lines] = len(captured)

    assert counts[3] == counts[1]
    assert counts[20] == counts[1]
