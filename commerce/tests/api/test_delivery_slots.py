"""Delivery slots as managers write them on the API."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.tests.factories import PASSWORD, ManagerFactory
from commerce import errors
from commerce.models import DeliverySlot, DeliverySlotDay
from commerce.services import delivery_slots
from commerce.tests.factories import DeliverySlotFactory
from core.models import AuditEntry
from tests.staff import rows

pytestmark = [pytest.mark.django_db, pytest.mark.req("OPS-05")]
SLOT = {"day_of_week": 2, "starts_at": "08:00", "ends_at": "10:00", "capacity": 5}


@pytest.fixture
def manager(api):
    """The API as a manager uses it."""
    api.sign_in(ManagerFactory().email, PASSWORD)
    return api


def error_of(response):
    return response.status_code, response.json()["error"]["code"]


def booked(seats):
    """A slot of five seats, some of them taken in two days' time."""
    date = timezone.localdate() + dt.timedelta(days=2)
    slot = DeliverySlotFactory(day_of_week=date.weekday())
    DeliverySlotDay.objects.create(slot=slot, date=date, seats_taken=seats)
    return slot


def test_manager_adds_changes_and_deletes_a_slot(manager):
    added = manager.post("admin/delivery-slots", SLOT)
    slot = DeliverySlot.objects.get()
    assert (added.status_code, added.json()["data"]) == (
        201,
        {"id": slot.pk, **SLOT, "is_active": True},
    )
    path = f"admin/delivery-slots/{slot.pk}"

    changed = manager.patch(path, {"capacity": 9, "starts_at": "07:30"})
    assert changed.json()["data"] == {
        "id": slot.pk,
        **SLOT,
        "capacity": 9,
        "starts_at": "07:30",
        "is_active": True,
    }
    assert manager.patch(path, {"capacity": 9}).status_code == 200
    assert manager.delete(path).status_code == 204

    assert DeliverySlot.objects.count() == 0
    entries = AuditEntry.objects.filter(entity_type="delivery_slot").order_by("id")
    assert [(entry.action, entry.old_value, entry.new_value) for entry in entries] == [
        ("delivery_slot.created", None, SLOT | {"is_active": True}),
        (
            "delivery_slot.changed",
            {"capacity": 5, "starts_at": "08:00"},
            {"capacity": 9, "starts_at": "07:30"},
        ),
        (
            "delivery_slot.deleted",
            SLOT | {"is_active": True, "capacity": 9, "starts_at": "07:30"},
            None,
        ),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day_of_week": 7}, "day_of_week"),
        ({"day_of_week": "monday"}, "day_of_week"),
        ({"starts_at": "05:59"}, "starts_at"),
        ({"starts_at": "8"}, "starts_at"),
        ({"starts_at": "10:00"}, "ends_at"),
        ({"ends_at": "22:01"}, "ends_at"),
        ({"ends_at": "25:00"}, "ends_at"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 10**9}, "capacity"),
        ({"remaining": 3}, "remaining"),
    ],
)
def test_slot_that_makes_no_sense_is_400(manager, wrong, field):
    slot = DeliverySlotFactory(day_of_week=4)
    for response in (
        manager.post("admin/delivery-slots", SLOT | wrong),
        manager.patch(f"admin/delivery-slots/{slot.pk}", SLOT | wrong),
    ):
        assert error_of(response) == (400, "VALIDATION_ERROR")
        assert list(response.json()["error"]["details"]) == [field]
    assert DeliverySlot.objects.get().day_of_week == 4


@pytest.mark.parametrize(
    ("times", "ending"),
    [
        (("08:00", "10:00"), 409),
        (("09:00", "11:00"), 409),
        (("06:00", "20:00"), 409),
        (("10:00", "12:00"), 201),
        (("06:00", "08:00"), 201),
    ],
)
def test_slots_of_a_day_do_not_overlap(manager, times, ending):
    manager.post("admin/delivery-slots", SLOT)
    said = SLOT | {"starts_at": times[0], "ends_at": times[1]}
    response = manager.post("admin/delivery-slots", said)

    assert response.status_code == ending
    assert manager.post("admin/delivery-slots", said | {"day_of_week": 3}).status_code == 201
    if ending == 409:
        assert response.json()["error"]["code"] == "SLOT_OVERLAP"


def test_slot_that_is_switched_off_is_in_nobodys_way(manager):
    off = DeliverySlotFactory(day_of_week=2, starts_at=dt.time(7), ends_at=dt.time(9))
    path = f"admin/delivery-slots/{off.pk}"
    assert manager.patch(path, {"is_active": False}).status_code == 200
    assert manager.post("admin/delivery-slots", SLOT).status_code == 201
    assert error_of(manager.patch(path, {"is_active": True})) == (409, "SLOT_OVERLAP")
    # The table knows no two that start together, whether they run or not.
    same = SLOT | {"starts_at": "07:00", "ends_at": "07:30"}
    assert error_of(manager.post("admin/delivery-slots", same)) == (409, "SLOT_OVERLAP")
    off.refresh_from_db()
    assert off.is_active is False


def test_capacity_does_not_fall_below_what_is_booked(manager):
    slot = booked(3)
    path = f"admin/delivery-slots/{slot.pk}"
    response = manager.patch(path, {"capacity": 2})

    assert error_of(response) == (409, "SLOT_BOOKED")
    assert response.json()["error"]["details"]["booked"] == 3
    assert manager.patch(path, {"capacity": 3}).json()["data"]["capacity"] == 3
    day = DeliverySlotDay.objects.get(seats_taken=3)
    with pytest.raises(errors.SlotFull):
        delivery_slots.take_seat(slot_id=slot.pk, date=day.date)


@pytest.mark.parametrize("change", [{"starts_at": "09:00"}, {"ends_at": "13:00"}])
def test_time_that_somebody_chose_stays(manager, change):
    slot = booked(1)
    path = f"admin/delivery-slots/{slot.pk}"
    assert error_of(manager.patch(path, change)) == (409, "SLOT_BOOKED")
    assert manager.patch(path, {"is_active": False}).status_code == 200
    slot.refresh_from_db()
    assert (slot.starts_at, slot.ends_at) == (dt.time(10), dt.time(12))


def test_time_of_days_that_are_over_may_change(manager):
    slot = DeliverySlotFactory()
    long_ago = dt.date(2026, 1, 5)
    DeliverySlotDay.objects.create(slot=slot, date=long_ago, seats_taken=5)
    path = f"admin/delivery-slots/{slot.pk}"
    assert manager.patch(path, {"capacity": 1, "starts_at": "09:00"}).status_code == 200


def test_slot_that_an_order_has_is_not_deleted(manager):
    slot = DeliverySlotFactory()
    rows.order(slot=slot, slot_date="2026-01-05")
    response = manager.delete(f"admin/delivery-slots/{slot.pk}")
    assert error_of(response) == (409, "SLOT_BOOKED")
    assert DeliverySlot.objects.get() == slot


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_slot_that_is_not_there_is_404(manager, method):
    for slot_id in (0, 10**30):
        response = manager.send(method, f"admin/delivery-slots/{slot_id}", {})
        assert error_of(response) == (404, "SLOT_NOT_FOUND")
