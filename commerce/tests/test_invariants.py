"""What must always hold of carts, orders and payments, and that each check finds its breach."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from commerce.enums import OrderStatus
from commerce.models import CartLine, DeliverySlotDay, Order, Payment
from commerce.services import carts, checkout
from commerce.tests.factories import (
    DELIVERY,
    DeliverySlotFactory,
    WarehouseFactory,
    stocked_book,
    user_with_cart,
)
from core.invariants import check_all
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def broken():
    return {verdict.invariant.name for verdict in check_all() if verdict.breaches}


def by_hand(sql):
    """Do what constraints and triggers refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def order(db):
    """An order in a slot, paid; with a cart begun since."""
    book = stocked_book(WarehouseFactory(), 5)
    date = timezone.localdate() + dt.timedelta(days=2)
    slot = DeliverySlotFactory(day_of_week=date.weekday())
    user = user_with_cart(book)
    wish = dataclasses.replace(DELIVERY, slot_id=slot.pk, date=date)
    order = checkout.check_out(user=user, request=wish)
    carts.add_book(user=user, book_id=book.pk, quantity=1)
    assert (order.status, broken()) == (OrderStatus.CONFIRMED, set())
    return order


@pytest.mark.req("COMM-04")
@pytest.mark.parametrize("amount", ["0", "1.00"])
def test_invariants_find_an_order_that_was_not_paid_in_full(order, amount):
    Payment.objects.update(captured_amount=amount)
    assert broken() == {"paid_orders_were_captured"}


@pytest.mark.req("COMM-02")
def test_invariants_find_sums_that_do_not_add_up(order):
    by_hand("UPDATE commerce_order SET subtotal = subtotal + 1, delivery_fee = delivery_fee - 1")
    assert broken() == {"orders_add_up"}


@pytest.mark.req("COMM-02")
def test_invariants_find_copies_that_nobody_took(order):
    by_hand("UPDATE catalog_stockmovement SET reference = '' WHERE reference <> ''")
    assert broken() == {"orders_hold_their_stock"}


@pytest.mark.req("COMM-05")
def test_invariants_find_a_step_without_event(order):
    Order.objects.update(status=OrderStatus.IN_PROGRESS)
    assert broken() == {"order_steps_are_audited"}


@pytest.mark.req("COMM-05")
def test_invariants_find_a_step_without_audit_row(order):
    assert AuditEntry.objects.filter(action="order.status_changed").count() == 1
    by_hand("DELETE FROM core_auditentry WHERE action = 'order.status_changed'")
    assert broken() == {"order_steps_are_audited"}


@pytest.mark.req("COMM-01")
@pytest.mark.parametrize("seats", [0, 2])
def test_invariants_find_seats_that_are_no_orders(order, seats):
    DeliverySlotDay.objects.update(seats_taken=seats)
    assert broken() == {"seats_are_orders"}


@pytest.mark.req("COMM-01")
def test_invariants_find_an_order_in_a_slot_without_a_day(order):
    DeliverySlotDay.objects.all().delete()
    assert broken() == {"seats_are_orders"}


@pytest.mark.req("CART-01")
@pytest.mark.parametrize("quantity", [0, 100])
def test_invariants_find_a_line_of_no_or_too_many_copies(order, quantity):
    by_hand("ALTER TABLE commerce_cartline DROP CONSTRAINT cart_line_quantity_in_range")
    CartLine.objects.update(quantity=quantity)
    assert broken() == {"one_active_cart"}


@pytest.mark.req("CART-01")
def test_invariants_find_a_second_active_cart(order):
    by_hand("DROP INDEX cart_one_active_per_user")
    by_hand("UPDATE commerce_cart SET status = 'ACTIVE'")
    assert broken() == {"one_active_cart"}
