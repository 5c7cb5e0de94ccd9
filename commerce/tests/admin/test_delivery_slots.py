"""Delivery slots on the staff desk: reference data with an audit row for every change."""

import pytest

from commerce.models import DeliverySlot
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


def test_slot_with_orders_cannot_be_deleted(manager):
    kept, gone = rows.slot(), rows.slot()
    rows.order(slot=kept, slot_date="2026-12-01")
    for slot in (kept, gone):
        manager.post(f"{LIST}{slot.pk}/delete/", {"post": "yes"})
    assert DeliverySlot.objects.get() == kept
    assert AuditEntry.objects.get(entity_type="delivery_slot").action == "delivery_slot.deleted"
