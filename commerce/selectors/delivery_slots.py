"""Which delivery slots can be had, and how full they are."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from commerce.models import DeliverySlot, DeliverySlotDay

DAYS_AHEAD = 14
MOST_DAYS = 4
# A slot may be chosen until this long before it starts.
LEAD_TIME = dt.timedelta(hours=2)


@dataclass(frozen=True)
class OfferedSlot:
    """A slot on a date with the seats that are left."""

    slot: DeliverySlot
    date: dt.date
    remaining: int

    @property
    def value(self) -> str:
        """What a form's radio button sends."""
        return f"{self.slot.pk}@{self.date.isoformat()}"


def is_offered(slot: DeliverySlot, date: dt.date, *, now: dt.datetime) -> bool:
    """Whether the slot runs on the date, far enough ahead of `now` and not too far."""
    if date.weekday() != slot.day_of_week or date > now.date() + dt.timedelta(days=DAYS_AHEAD):
        return False
    starts = dt.datetime.combine(date, slot.starts_at, tzinfo=now.tzinfo)
    return starts >= now + LEAD_TIME


def coming_dates(day_of_week: int) -> list[dt.date]:
    """Return the dates of a weekday on which a seat can be had, today among them."""
    today = timezone.localdate()
    ahead = (today + dt.timedelta(days=days) for days in range(DAYS_AHEAD + 1))
    return [date for date in ahead if date.weekday() == day_of_week]


def with_coming_days(slots: QuerySet[DeliverySlot]) -> QuerySet[DeliverySlot]:
    """Add `coming`: date and seats taken of each coming day that somebody chose."""
    days = DeliverySlotDay.objects.filter(
        slot=OuterRef("pk"), date__gte=timezone.localdate(), seats_taken__gt=0
    )
    pairs = days.order_by("date").values(pair=JSONObject(date="date", taken="seats_taken"))
    return slots.annotate(coming=ArraySubquery(pairs[:MOST_DAYS]))


def active_slots(*, day_of_week: int | None = None) -> list[DeliverySlot]:
    """Every slot that is offered, by weekday and hour."""
    slots = DeliverySlot.objects.filter(is_active=True).order_by("day_of_week", "starts_at")
    if day_of_week is not None:
        slots = slots.filter(day_of_week=day_of_week)
    return list(slots)


def seats_taken_on(dates: list[dt.date]) -> dict[tuple[int, dt.date], int]:
    """Seats taken by slot id and date, in one query."""
    days = DeliverySlotDay.objects.filter(date__in=dates)
    return {(day.slot_id, day.date): day.seats_taken for day in days}


def slots_on(date: dt.date, *, day_of_week: int | None = None) -> list[DeliverySlot]:
    """Slots that can still be chosen on a date, each with its seats left as `remaining`."""
    now = timezone.localtime()
    if day_of_week is not None and day_of_week != date.weekday():
        return []
    taken = seats_taken_on([date])
    slots = [
        slot for slot in active_slots(day_of_week=date.weekday()) if is_offered(slot, date, now=now)
    ]
    for slot in slots:
        slot.remaining = slot.capacity - taken.get((slot.pk, date), 0)  # type: ignore[attr-defined]
    return slots


def offered_slots(*, days: int = 7) -> list[OfferedSlot]:
    """Slots of the coming days that still have a seat: two queries."""
    now = timezone.localtime()
    dates = [now.date() + dt.timedelta(days=ahead) for ahead in range(days + 1)]
    taken = seats_taken_on(dates)
    offered = []
    slots = active_slots()
    for date in dates:
        for slot in slots:
            remaining = slot.capacity - taken.get((slot.pk, date), 0)
            if remaining > 0 and is_offered(slot, date, now=now):
                offered.append(OfferedSlot(slot, date, remaining))
    return offered
