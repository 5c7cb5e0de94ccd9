"""Nothing on the desk writes more than it shows, or for somebody whose role may not; T061, T062."""

import pytest
from django.db.models import Model

from core.models import AuditEntry
from core.roles import Role
from tests.access.world import undone
from tests.staff import rows
from tests.staff.forms import filled
from tests.staff.test_access import LABELS, admin_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]

# What columns without a field of the form are sent, by the kind of column.
WISHES = {
    "BooleanField": "on",
    "DateTimeField": "2020-01-01 00:00:00",
    "DateField": "2020-01-01",
    "DecimalField": "0.01",
    "UUIDField": "00000000-0000-7000-8000-000000000000",
}


def row_of(label):
    return admin_of(label).model._default_manager.first()


def values_of(row: Model, names: set[str]):
    row.refresh_from_db()
    return {name: getattr(row, name) for name in names}


@pytest.mark.parametrize("label", LABELS)
def test_form_stores_no_column_that_it_does_not_show(desk, label):
    rows.everything()
    client = desk(Role.ADMIN)
    row = row_of(label)
    page = url(label, "change", row.pk)
    shown = client.get(page)
    form, fields = filled(shown), shown.context["adminform"].form.fields
    columns = row._meta.concrete_fields
    hidden = {field.attname: field for field in columns if field.name not in fields}
    wishes = {
        name: WISHES.get(field.get_internal_type(), "7")
        for each, field in hidden.items()
        for name in {each, field.name, f"{field.name}_0"}
    }
    names = set(hidden) - {"updated_at"}

    def after(said):
        with undone():
            status = client.post(page, said).status_code
            return status, values_of(row, names)

    assert after(form | wishes) == after(form)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.MANAGER])
def test_actions_do_nothing_for_those_who_may_not_change(desk, label, role):
    """Buttons that a role is not shown are sent all the same."""
    rows.everything()
    client, model_admin = desk(role), admin_of(label)
    app, model = label.split(".")
    if client.user.has_perm(f"{app}.change_{model}"):
        return
    row = row_of(label)
    before = (AuditEntry.objects.count(), model_admin.model._default_manager.count())
    for action in [*(model_admin.actions or ()), "delete_selected"]:
        said = {"action": action, "_selected_action": [row.pk], "post": "yes"}
        assert client.post(url(label, "changelist"), said).status_code in (200, 302, 403)
    for button in model_admin.actions_detail or ():
        said = {"_form_submitted": "on", "quantity": "1", "password": "a-long-passphrase"}
        assert client.post(url(label, button, row.pk), said).status_code == 403
    assert (AuditEntry.objects.count(), model_admin.model._default_manager.count()) == before
