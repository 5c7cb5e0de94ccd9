"""A slot loses seats at the moment that somebody takes one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from commerce import errors
from commerce.models import DeliverySlot, DeliverySlotDay
from commerce.services import delivery_slots
from commerce.tests.services.wishes import offered_slot
from core import locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("OPS-05")]


@pytest.fixture(params=["day that nobody chose", "day that somebody chose"])
def booking(request):
    """A slot with two seats and a date, with and without a row for the day."""
    slot, date = offered_slot(capacity=2)
    if request.param == "day that somebody chose":
        DeliverySlotDay.objects.create(slot=slot, date=date, seats_taken=0)
    return slot, date


def cut_while_booking(booking):
    """Cut the slot to one seat between the write and the commit of two orders' seats."""
    slot, date = booking
    written, cut = threading.Event(), threading.Event()

    def book():
        try:
            with transaction.atomic():
                for _seat in range(2):
                    delivery_slots.take_seat(slot_id=slot.pk, date=date)
                written.set()
                cut.wait(timeout=0.5)
        finally:
            connection.close()

    def lower():
        try:
            written.wait(timeout=10)
            delivery_slots.change_slot(slot_id=slot.pk, changes={"capacity": 1}, actor_id=None)
        except errors.SlotBooked:
            return "refused"
        else:
            return "cut"
        finally:
            cut.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        booked, ended = pool.submit(book), pool.submit(lower)
        booked.result(timeout=30)
        return ended.result(timeout=30)


def seats_and_capacity(date):
    return DeliverySlotDay.objects.get(date=date).seats_taken, DeliverySlot.objects.get().capacity


def test_slot_keeps_the_seats_that_are_being_taken(booking):
    assert cut_while_booking(booking) == "refused"
    assert seats_and_capacity(booking[1]) == (2, 2)


def test_control_where_no_day_is_held_there_are_more_orders_than_seats(booking, monkeypatch):
    def only_look(slot):
        return list(DeliverySlotDay.objects.filter(slot=slot))

    monkeypatch.setattr(delivery_slots, "_lock_coming_days", only_look)

    assert cut_while_booking(booking) == "cut"
    assert seats_and_capacity(booking[1]) == (2, 1)


def test_seat_is_looked_for_once_the_day_is_held(monkeypatch):
    slot, date = offered_slot(capacity=1)
    held = locks.lock_rows

    def cut_just_before(rows, **kwargs):
        DeliverySlot.objects.update(is_active=False)  # committed while we waited
        return held(rows, **kwargs)

    monkeypatch.setattr(locks, "lock_rows", cut_just_before)
    with pytest.raises(errors.SlotInvalid), transaction.atomic():
        delivery_slots.take_seat(slot_id=slot.pk, date=date)
    assert DeliverySlotDay.objects.count() == 0
