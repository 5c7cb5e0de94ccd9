"""The audit trail: there iff the change is, and only ever longer."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

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


def test_trail_cannot_be_emptied():
    record()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE core_auditentry ENABLE TRIGGER core_auditentry_never_emptied"
        )  # switched off for tests that commit: it comes back with this test's end
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE core_auditentry")

    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("change", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM {}"])
def test_role_that_may_only_add_can_do_nothing_else(change):
    """The grants of docs/audit.md, for a shop whose role does not own its tables."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE shop_of_test")
        cursor.execute("GRANT SELECT, INSERT ON core_auditentry TO shop_of_test")
        cursor.execute("GRANT USAGE ON SEQUENCE core_auditentry_id_seq TO shop_of_test")
        cursor.execute("SET LOCAL ROLE shop_of_test")
        record()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(change.format("core_auditentry"))
        with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
            cursor.execute("DROP TRIGGER core_auditentry_append_only ON core_auditentry")

        assert AuditEntry.objects.count() == 1
        cursor.execute("RESET ROLE")
