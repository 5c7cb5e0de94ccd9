"""Buying what is in the cart."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.errors import InsufficientStock
from catalog.models import Inventory, StockMovement
from catalog.services import stock
from catalog.tests.factories import BranchFactory
from commerce import errors
from commerce.enums import CartStatus, Fulfilment, OrderStatus, PaymentStatus
from commerce.models import Cart, DeliverySlotDay, Order, OrderLine, Payment
from commerce.services import carts, checkout, settlement
from commerce.tests.factories import (
    DELIVERY,
    DeliverySlotFactory,
    WarehouseFactory,
    stocked_book,
    user_with_cart,
)
from core.errors import Busy, Invalid, PaymentDeclined
from core.invariants import check_all
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse(db):
    return WarehouseFactory()


@pytest.fixture(autouse=True)
def _nothing_broken(db):
    yield
    assert [v.invariant.name for v in check_all() if v.breaches] == []


def quantity_of(book, branch):
    return Inventory.objects.get(book=book, branch=branch).quantity


def request_with(**changes):
    return dataclasses.replace(DELIVERY, **changes)


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


def offered_slot(capacity=5):
    """A slot that can be chosen tomorrow, whatever the time is now."""
    date = timezone.localdate() + dt.timedelta(days=2)
    return DeliverySlotFactory(day_of_week=date.weekday(), capacity=capacity), date
