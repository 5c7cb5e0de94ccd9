"""Staff picks on the staff desk: reference data; the bookseller's name stays out of the trail."""

import datetime as dt

import pytest

from catalog.tests.factories import BookFactory
from core.models import AuditEntry
from engagement.models import StaffPick
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]
ADD = "/admin/engagement/staffpick/add/"


def pick(client, **changes):
    said = {"book": BookFactory().pk, "bookseller": "Dana", "note": "Read it."}
    said["picked_on"] = dt.date(2026, 11, 1).isoformat()
    return client.post(ADD, filled(client.get(ADD), **said | changes))


def test_new_pick_is_stored_and_audited_without_the_name(manager):
    assert pick(manager).status_code == 302
    assert StaffPick.objects.get().bookseller == "Dana"
    entry = AuditEntry.objects.get()
    assert (entry.action, "bookseller" in entry.new_value) == ("staff_pick.created", False)
    assert entry.new_value["note"] == "Read it."


@pytest.mark.parametrize("said", [{"note": ""}, {"note": "x" * 281}, {"book": "999999"}])
def test_senseless_pick_comes_back(manager, said):
    response = pick(manager, **said)
    assert list(response.context["adminform"].form.errors) == list(said)
    assert (StaffPick.objects.count(), AuditEntry.objects.count()) == (0, 0)
