"""Two administrators demote each other at the same moment: one remains, whoever comes second."""

from threading import Barrier

import pytest

from accounts.models import User
from accounts.services import users
from accounts.tests.factories import AdminFactory
from core import locks
from core.errors import NotAllowed
from core.models import AuditEntry
from core.roles import Role
from tests.fixtures.at_once import all_at_once, count_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-13")]
CHANGES = [{"role": Role.CUSTOMER}, {"is_active": False}]


def demote_each_other(*administrators, change):
    def demote(number):
        actor, target = administrators[number], administrators[1 - number]
        users.change_access(user_id=target.pk, actor_id=actor.pk, **change)

    return count_endings(all_at_once(demote, 2))


def administrators():
    return User.objects.filter(role=Role.ADMIN, is_active=True).count()


@pytest.mark.parametrize("change", CHANGES)
def test_of_two_who_demote_each_other_one_remains(change):
    for done in range(1, 6):
        endings = demote_each_other(AdminFactory(), AdminFactory(), change=change)

        assert endings == {"done": 1, NotAllowed.__name__: 1}
        assert AuditEntry.objects.count() == done
        assert administrators() == 1
        User.objects.all().delete()


@pytest.mark.parametrize("change", CHANGES)
def test_control_without_locks_nobody_is_left(change, monkeypatch):
    everyone_looked = Barrier(2)

    judge = users._keep_one_administrator

    def judge_together(user, **said):
        judge(user, **said)
        everyone_looked.wait(timeout=30)

    monkeypatch.setattr(locks, "lock_rows", lambda rows, **kwargs: list(rows.order_by("pk")))
    monkeypatch.setattr(users, "_keep_one_administrator", judge_together)

    assert demote_each_other(AdminFactory(), AdminFactory(), change=change) == {"done": 2}
    assert administrators() == 0
