"""Seats in delivery slots."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.utils import timezone

from commerce import errors
from commerce.models import DeliverySlotDay
from commerce.selectors import delivery_slots as slot_selectors
from commerce.services import delivery_slots
from commerce.tests.factories import DeliverySlotFactory

pytestmark = pytest.mark.req("COMM-01")
MONDAY = dt.date(2026, 11, 23)


def at(day, hour, minute=0):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


@pytest.mark.parametrize(
    ("date", "now", "offered"),
    [
        (MONDAY, at(MONDAY, 7, 59), True),
        (MONDAY, at(MONDAY, 8), True),
        (MONDAY, at(MONDAY, 8, 1), False),
        (MONDAY, at(MONDAY + dt.timedelta(days=1), 0), False),
        (MONDAY + dt.timedelta(days=1), at(MONDAY, 7), False),
        (MONDAY + dt.timedelta(days=14), at(MONDAY, 7), True),
        (MONDAY + dt.timedelta(days=21), at(MONDAY, 7), False),
    ],
)
def test_slot_is_offered_on_its_weekday_two_hours_ahead(date, now, offered):
    slot = DeliverySlotFactory.build(day_of_week=0)

    assert slot_selectors.is_offered(slot, date, now=now) is offered


@pytest.mark.django_db
def test_full_slots_are_not_offered(django_assert_num_queries):
    date = timezone.localdate() + dt.timedelta(days=2)
    full = DeliverySlotFactory(day_of_week=date.weekday(), capacity=1)
    free = DeliverySlotFactory(
        day_of_week=date.weekday(), capacity=2, starts_at=dt.time(12), ends_at=dt.time(14)
    )
    for slot in (full, free):
        DeliverySlotDay.objects.create(slot=slot, date=date, seats_taken=1)

    with django_assert_num_queries(2):
        offered = slot_selectors.offered_slots()

    assert [(o.slot.pk, o.date, o.remaining) for o in offered] == [(free.pk, date, 1)]


@pytest.mark.django_db
def test_seat_given_back_can_be_taken_again():
    date = timezone.localdate() + dt.timedelta(days=2)
    slot = DeliverySlotFactory(day_of_week=date.weekday(), capacity=1)
    delivery_slots.take_seat(slot_id=slot.pk, date=date)

    delivery_slots.give_back_seat(slot_id=slot.pk, date=date)
    delivery_slots.take_seat(slot_id=slot.pk, date=date)

    assert DeliverySlotDay.objects.get().seats_taken == 1


@pytest.mark.django_db(transaction=True)
def test_last_seat_is_taken_once_by_many():
    date = timezone.localdate() + dt.timedelta(days=2)
    slot = DeliverySlotFactory(day_of_week=date.weekday(), capacity=3)
    barrier = Barrier(12)

    def take(_number):
        try:
            barrier.wait(timeout=30)
            with transaction.atomic():
                delivery_slots.take_seat(slot_id=slot.pk, date=date)
        except errors.SlotFull:
            return 0
        else:
            return 1
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=12) as pool:
        taken = sum(pool.map(take, range(12)))

    assert taken == 3
    assert DeliverySlotDay.objects.get().seats_taken == 3
