"""The audit trail: there iff the change is, and only ever longer."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditEntry
from core.request_context import begin_request
from core.services import audit

pytestmark = [pytest.mark.req("OPS-03"), pytest.mark.django_db]


def record(**changes) -> None:
    audit.record_change(
        **{"action": "stock.changed", "entity_type": "inventory", "entity_id": 7, "actor_id": None}
        | changes
    )


def test_entry_says_who_did_what_to_which_thing():
    actor = uuid.uuid4()
    begin_request("request-of-audit")
    record(actor_id=actor, old={"quantity": 1}, new={"quantity": 2}, context={"why": "count"})

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_type, entry.entity_id) == ("stock.changed", "inventory", "7")
    assert (entry.actor_id, entry.request_id) == (actor, "request-of-audit")
    assert (entry.old_value, entry.new_value) == ({"quantity": 1}, {"quantity": 2})
    assert entry.context == {"why": "count"}


def test_entry_goes_with_a_change_that_was_rolled_back():
    with transaction.atomic():
        record()
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: AuditEntry.objects.update(action="nothing.happened"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.get().delete(),
        lambda: AuditEntry.objects.get().save(),
    ],
)
def test_entry_cannot_be_changed_or_deleted(tamper):
    record()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        tamper()

    assert AuditEntry.objects.get().action == "stock.changed"


def test_entries_of_many_things_are_one_statement(django_assert_num_queries):
    actor = uuid.uuid4()
    begin_request("request-of-many")
    changes = [
        audit.Change(entity_id=number, old={"n": 1}, new={"n": 2}, context={"edit": "x"})
        for number in (7, 8)
    ]

    with django_assert_num_queries(1):
        audit.record_changes(changes, action="a.b", entity_type="thing", actor_id=actor)

    kept = AuditEntry.objects.order_by("id").values_list(
        "entity_id", "action", "actor_id", "request_id", "old_value", "new_value", "context"
    )
    rest = ("a.b", actor, "request-of-many", {"n": 1}, {"n": 2}, {"edit": "x"})
    assert list(kept) == [("7", *rest), ("8", *rest)]
