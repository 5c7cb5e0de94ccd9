import uuid

import pytest

from accounts.models import User
from accounts.services import roles
from accounts.tests.factories import AdminFactory, UserFactory
from core.errors import NotFound
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]


def test_change_role_ends_sessions_and_is_audited(client):
    admin, user = AdminFactory(), UserFactory()
    client.force_login(user)

    roles.change_role(user_id=user.pk, role=Role.MANAGER, actor_id=admin.pk)

    changed = User.objects.get(pk=user.pk)
    assert (changed.role, changed.token_version) == (Role.MANAGER, 1)
    assert client.get("/account/").status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_id, entry.actor_id, entry.old_value, entry.new_value) == (
        "user.role_changed",
        str(user.pk),
        admin.pk,
        {"role": "CUSTOMER"},
        {"role": "MANAGER"},
    )


def test_change_role_to_the_same_does_nothing(client):
    user = UserFactory()
    client.force_login(user)

    roles.change_role(user_id=user.pk, role=Role.CUSTOMER, actor_id=None)

    assert client.get("/account/").status_code == 200
    assert AuditEntry.objects.count() == 0


def test_change_role_of_nobody_is_not_found():
    with pytest.raises(NotFound):
        roles.change_role(user_id=uuid.uuid4(), role=Role.ADMIN, actor_id=None)

    assert AuditEntry.objects.count() == 0
