"""The audit trail on the staff desk: found by thing, readable, nobody's to change."""

import pytest

from core.models import AuditEntry
from core.services import audit

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]
LIST = "/admin/core/auditentry/"


def record(entity_id, **fields):
    audit.record_change(
        **{
            "action": "book.updated",
            "entity_type": "book",
            "entity_id": entity_id,
            "actor_id": None,
            "old": {"price": "40.00", "title": "<b>Emma</b>"},
            "new": {"price": "45.00", "title": "<b>Emma</b>"},
        }
        | fields
    )


def listed(client, **query):
    return [entry.entity_id for entry in client.get(LIST, query).context["cl"].result_list]


def test_entries_are_found_by_thing_kind_and_action(manager):
    record(7)
    record(8)
    record(7, entity_type="genre", action="genre.moved")
    assert listed(manager) == ["7", "8", "7"]
    assert listed(manager, q="8") == ["8"]
    assert listed(manager, q="7", entity_type="book") == ["7"]
    assert listed(manager, action="genre.moved") == ["7"]
    assert listed(manager, created_at_from="2099-01-01") == []


def test_difference_is_readable_and_escaped(manager):
    record(7, old={"title": "<b>A</b>", "pages": 3}, new={"title": "<b>B</b>", "pages": 3})
    entry = AuditEntry.objects.get()
    page = manager.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    assert "<b>B</b>" not in page
    assert (
        "title: &lt;b&gt;A&lt;/b&gt; → &lt;b&gt;B&lt;/b&gt;" in manager.get(LIST).content.decode()
    )


def test_actor_is_named_while_there_is_an_account(manager):
    record(7, actor_id=manager.user.pk)
    record(8)
    page = manager.get(LIST).content.decode()
    assert manager.user.email in page
    assert "The shop" in page


def test_history_of_a_row_is_its_audit_trail(manager):
    record(7)
    record(8)
    answer = manager.get("/admin/catalog/book/7/history/", follow=True)
    assert [entry.entity_id for entry in answer.context["cl"].result_list] == ["7"]


def test_nobody_writes_the_trail(desk):
    record(7)
    client = desk("ADMIN")
    entry = AuditEntry.objects.get()
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{entry.pk}/change/", {"action": "x"}).status_code == 403
    assert client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert AuditEntry.objects.get().action == "book.updated"
