"""Delivery slots on the staff desk: reference data with an audit row for every change."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from commerce.models import DeliverySlot, DeliverySlotDay
from core.models import AuditEntry
from tests.staff import rows
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("COMM-06")]
LIST = "/admin/commerce/deliveryslot/"


def test_changed_slot_tells_the_audit_trail_what_changed(manager):
    slot = rows.slot()
    url = f"{LIST}{slot.pk}/change/"
    assert manager.post(url, filled(manager.get(url), capacity=9)).status_code == 302
    slot.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (slot.capacity, entry.action) == (9, "delivery_slot.changed")
    assert (entry.old_value, entry.new_value) == ({"capacity": 5}, {"capacity": 9})
    assert (entry.entity_id, entry.actor_id) == (str(slot.pk), manager.user.pk)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"starts_at": "05:00"}, ["starts_at"]),
        ({"ends_at": "05:30"}, ["ends_at"]),
        ({"ends_at": "22:30"}, ["ends_at"]),
        ({"capacity": "-1"}, ["capacity"]),
        ({"day_of_week": "9"}, ["day_of_week"]),
        ({"starts_at": "soon"}, ["starts_at"]),
    ],
)
def test_senseless_slot_comes_back(manager, said, fields):
    slot = rows.slot()
    url = f"{LIST}{slot.pk}/change/"
    response = manager.post(url, filled(manager.get(url), **said))
    assert list(response.context["adminform"].form.errors) == fields
    assert AuditEntry.objects.count() == 0


def test_slot_comes_through_the_service_and_overlaps_with_none(manager):
    said = {
        "day_of_week": 0,
        "starts_at": "08:00",
        "ends_at": "10:00",
        "capacity": 5,
        "is_active": "on",
    }
    assert manager.post(f"{LIST}add/", said).status_code == 302
    answer = manager.post(f"{LIST}add/", said | {"starts_at": "09:00", "ends_at": "11:00"})
    assert (answer.status_code, DeliverySlot.objects.count()) == (409, 1)
    assert "This overlaps with the slot Monday 08:00–10:00." in answer.content.decode()
    assert AuditEntry.objects.get().action == "delivery_slot.created"


def test_list_shows_what_is_booked_on_coming_days(manager, django_assert_num_queries):
    slot = rows.slot()
    today = timezone.localdate()
    for ahead, taken in ((-7, 4), (7, 3), (14, 0)):
        date = today + dt.timedelta(days=ahead)
        DeliverySlotDay.objects.create(slot=slot, date=date, seats_taken=taken)

    shown = date_format(today + dt.timedelta(days=7), "j M")
    page = manager.get(LIST)
    assert f">{shown}: 3/5<" in page.content.decode()
    with CaptureQueriesContext(connection) as first:
        manager.get(LIST)
    for _n in range(3):
        rows.slot()
    with django_assert_num_queries(len(first)):
        manager.get(LIST)


def test_slot_with_orders_cannot_be_deleted(manager):
    kept, gone = rows.slot(), rows.slot()
    rows.order(slot=kept, slot_date="2026-12-01")
    for slot in (kept, gone):
        manager.post(f"{LIST}{slot.pk}/delete/", {"post": "yes"})
    assert DeliverySlot.objects.get() == kept
    assert AuditEntry.objects.get(entity_type="delivery_slot").action == "delivery_slot.deleted"
