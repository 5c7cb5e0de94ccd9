"""Seats in delivery slots: taken when an order is placed, given back when it comes to nothing."""

import datetime as dt

from django.db.models import F
from django.utils import timezone

from commerce.errors import SlotFull, SlotInvalid
from commerce.models import DeliverySlot, DeliverySlotDay
from commerce.selectors import delivery_slots as slot_selectors
from core import locks


def offered_slot(*, slot_id: int, date: dt.date) -> DeliverySlot:
    """Return a slot that runs on the date and can still be chosen; raises `SlotInvalid`."""
    slot = DeliverySlot.objects.filter(pk=slot_id, is_active=True).first()
    if slot is None or not slot_selectors.is_offered(slot, date, now=timezone.localtime()):
        raise SlotInvalid
    return slot


def take_seat(*, slot_id: int, date: dt.date) -> None:
    """Take one seat of a slot on a date. Joins the caller's transaction; locks the slot's day.

    Raises `SlotInvalid` for a day the slot is not offered on and `SlotFull` when none is left.
    """
    slot = offered_slot(slot_id=slot_id, date=date)
    DeliverySlotDay.objects.bulk_create(
        [DeliverySlotDay(slot=slot, date=date)], ignore_conflicts=True
    )
    day = locks.lock_row(DeliverySlotDay.objects.filter(slot=slot, date=date))
    if day is None or day.seats_taken >= slot.capacity:
        raise SlotFull
    day.seats_taken += 1
    day.save(update_fields=["seats_taken"])


def lock_day(*, slot_id: int, date: dt.date) -> None:
    """Lock a slot's day ahead of the rows that come after it in the global order."""
    locks.lock_row(DeliverySlotDay.objects.filter(slot_id=slot_id, date=date))


def give_back_seat(*, slot_id: int, date: dt.date) -> None:
    """Free one seat again. Joins the caller's transaction; locks the slot's day."""
    DeliverySlotDay.objects.filter(slot_id=slot_id, date=date, seats_taken__gt=0).update(
        seats_taken=F("seats_taken") - 1
    )
