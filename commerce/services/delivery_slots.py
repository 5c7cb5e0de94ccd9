"""Delivery slots: the windows of the week, and the seats in them.

A seat is taken when an order is placed and given back when it comes to nothing. Who takes one and
who changes a slot meet at the slot's days: a change holds every day that can be chosen, and a seat
is looked for once its day is held.
"""

import datetime as dt
import uuid
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce import errors
from commerce.models import DeliverySlot, DeliverySlotDay, Order
from commerce.selectors import delivery_slots as slot_selectors
from core import locks
from core.errors import Invalid
from core.services import audit

OPENS = dt.time(6)
CLOSES = dt.time(22)
FIELDS = ("day_of_week", "starts_at", "ends_at", "capacity", "is_active")
_WHEN = {"day_of_week", "starts_at", "ends_at"}


class SlotChanges(TypedDict, total=False):
    """What may be said about a slot; `day_of_week` 0 is Monday, `capacity` counts orders."""

    day_of_week: int
    starts_at: dt.time
    ends_at: dt.time
    capacity: int
    is_active: bool


def create_slot(*, said: SlotChanges, actor_id: uuid.UUID | None) -> DeliverySlot:
    """Add a window of the week. Audit `delivery_slot.created`. Locks every slot.

    Raises `Invalid` for hours out of order or outside the day, `SlotOverlap`.
    """
    with transaction.atomic():
        slots = locks.lock_rows(DeliverySlot.objects.all())
        slot = DeliverySlot(**said)
        _check(slot, slots)
        slot.save()
        new = {name: _plain(getattr(slot, name)) for name in FIELDS}
        _record("created", slot, actor_id, new=new)
    return slot


def change_slot(*, slot_id: int, changes: SlotChanges, actor_id: uuid.UUID | None) -> DeliverySlot:
    """Change a window; orders that have it keep it. Audit `delivery_slot.changed` if it did.

    Locks every slot, then the coming days of this one. Raises `SlotNotFound`, `Invalid`,
    `SlotOverlap`, and `SlotBooked` for a time that somebody has chosen already or a capacity
    below what is booked; switching it off is always possible.
    """
    with transaction.atomic():
        slots = locks.lock_rows(DeliverySlot.objects.all())
        slot = _found(slots, slot_id)
        days = _lock_coming_days(slot)
        old = {name: getattr(slot, name) for name, new in changes.items()}
        old = {name: was for name, was in old.items() if was != changes[name]}  # type: ignore[literal-required]
        for name in old:
            setattr(slot, name, changes[name])  # type: ignore[literal-required]
        if old.keys() & {*_WHEN, "is_active"}:
            _check(slot, slots)
        _keep_seats(slot, days, is_moved=bool(old.keys() & _WHEN))
        if old:
            slot.save(update_fields=list(old))
            new = {name: _plain(getattr(slot, name)) for name in old}
            was = {name: _plain(value) for name, value in old.items()}
            _record("changed", slot, actor_id, old=was, new=new)
    return slot


def delete_slot(*, slot_id: int, actor_id: uuid.UUID | None) -> None:
    """Delete a window that no order has. Audit `delivery_slot.deleted`.

    Locks every slot, then the coming days of this one. Raises `SlotNotFound`, `SlotBooked` for
    one that any order has: it can be switched off.
    """
    with transaction.atomic():
        slot = _found(locks.lock_rows(DeliverySlot.objects.all()), slot_id)
        _lock_coming_days(slot)
        orders = Order.objects.filter(slot=slot).count()
        if orders:
            raise errors.SlotBooked(slot_id=slot_id, booked=orders)
        DeliverySlotDay.objects.filter(slot=slot).delete()
        old = {name: _plain(getattr(slot, name)) for name in FIELDS}
        _record("deleted", slot, actor_id, old=old)
        slot.delete()


def offered_slot(*, slot_id: int, date: dt.date) -> DeliverySlot:
    """Return a slot that runs on the date and can still be chosen; raises `SlotInvalid`."""
    slot = DeliverySlot.objects.filter(pk=slot_id, is_active=True).first()
    if slot is None or not slot_selectors.is_offered(slot, date, now=timezone.localtime()):
        raise errors.SlotInvalid
    return slot


def take_seat(*, slot_id: int, date: dt.date) -> None:
    """Take one seat of a slot on a date. Joins the caller's transaction; locks the slot's day.

    Raises `SlotInvalid` for a day the slot is not offered on and `SlotFull` when none is left:
    the caller's transaction must end with either.
    """
    DeliverySlotDay.objects.bulk_create(
        [DeliverySlotDay(slot_id=slot_id, date=date)], ignore_conflicts=True
    )
    day = locks.lock_row(DeliverySlotDay.objects.filter(slot_id=slot_id, date=date))
    # Under the lock: somebody may have changed the slot until now.
    slot = offered_slot(slot_id=slot_id, date=date)
    if day is None or day.seats_taken >= slot.capacity:
        raise errors.SlotFull
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


def _found(slots: list[DeliverySlot], slot_id: int) -> DeliverySlot:
    slot = next((each for each in slots if each.pk == slot_id), None)
    if slot is None:
        raise errors.SlotNotFound(slot_id=slot_id)
    return slot


def _lock_coming_days(slot: DeliverySlot) -> list[DeliverySlotDay]:
    """Lock the days that can be chosen, making those that nobody has chosen yet."""
    dates = slot_selectors.coming_dates(slot.day_of_week)
    DeliverySlotDay.objects.bulk_create(
        [DeliverySlotDay(slot=slot, date=date) for date in dates], ignore_conflicts=True
    )
    return locks.lock_rows(DeliverySlotDay.objects.filter(slot=slot, date__gte=dates[0]))


def _check(slot: DeliverySlot, slots: list[DeliverySlot]) -> None:
    if slot.starts_at < OPENS:
        raise Invalid(fields={"starts_at": [_("Nobody delivers before 6:00.")]})
    if slot.ends_at > CLOSES:
        raise Invalid(fields={"ends_at": [_("Nobody delivers after 22:00.")]})
    if slot.ends_at <= slot.starts_at:
        raise Invalid(fields={"ends_at": [_("A slot ends after it starts.")]})
    for other in slots:
        if other.pk == slot.pk or other.day_of_week != slot.day_of_week:
            continue
        # Two that start together are refused by the table, too, whatever they are.
        both_run = other.is_active and slot.is_active
        if other.starts_at == slot.starts_at or (
            both_run and other.starts_at < slot.ends_at and slot.starts_at < other.ends_at
        ):
            raise errors.SlotOverlap(slot_id=other.pk, other=str(other))


def _keep_seats(slot: DeliverySlot, days: list[DeliverySlotDay], *, is_moved: bool) -> None:
    for day in days:
        if day.seats_taken > (0 if is_moved else slot.capacity):
            raise errors.SlotBooked(
                slot_id=slot.pk, booked=day.seats_taken, date=day.date.isoformat()
            )


def _plain(value: Any) -> Any:
    return f"{value:%H:%M}" if isinstance(value, dt.time) else value


def _record(
    verb: str,
    slot: DeliverySlot,
    actor_id: uuid.UUID | None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    audit.record_change(
        action=f"delivery_slot.{verb}",
        entity_type="delivery_slot",
        entity_id=slot.pk,
        actor_id=actor_id,
        old=old,
        new=new,
    )
