"""Every write of the desk is whole: its audit row goes with it, and rivals get a sentence."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError

from catalog.models import Publisher
from catalog.tests.factories import PublisherFactory
from core.models import AuditEntry
from core.services import audit
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-01")]
ADD = "/admin/catalog/publisher/add/"


def test_nothing_is_stored_when_its_audit_row_cannot_be(manager, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record_change", fail)
    with pytest.raises(RuntimeError):
        manager.post(ADD, filled(manager.get(ADD), name="Penguin"))
    assert Publisher.objects.count() == 0


def test_rival_who_was_quicker_costs_a_sentence_not_the_form(manager, monkeypatch):
    PublisherFactory(name="Penguin")
    # The rival's row came after the form had looked.
    monkeypatch.setattr(Publisher, "validate_unique", lambda *args, **kwargs: None)
    monkeypatch.setattr(Publisher, "validate_constraints", lambda *args, **kwargs: None)
    response = manager.post(ADD, filled(manager.get(ADD), name="Penguin"))
    assert response.status_code == 409
    assert "Somebody else has just saved the same." in response.content.decode()
    assert response.context["adminform"].form["name"].value() == "Penguin"
    assert (Publisher.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_other_broken_constraints_are_defects(manager, monkeypatch):
    def fail(self, *args, **kwargs):
        raise IntegrityError("not about uniqueness")

    monkeypatch.setattr(Publisher, "save", fail)
    with pytest.raises(IntegrityError):
        manager.post(ADD, filled(manager.get(ADD), name="Penguin"))


def test_django_keeps_no_log_of_its_own(manager):
    manager.post(ADD, filled(manager.get(ADD), name="Penguin"))
    house = Publisher.objects.get()
    manager.post(f"/admin/catalog/publisher/{house.pk}/delete/", {"post": "yes"})
    assert LogEntry.objects.count() == 0
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["publisher.created", "publisher.deleted"]
