"""Two administrators demote each other at the same moment: one remains, whoever comes second."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from accounts.models import User
from accounts.services import users
from accounts.tests.factories import AdminFactory
from core import locks
from core.errors import NotAllowed
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-13")]
CHANGES = [{"role": Role.CUSTOMER}, {"is_active": False}]


def demote_each_other(first, second, change):
    barrier = Barrier(2)

    def demote(actor, target):
        try:
            barrier.wait(timeout=30)
            users.change_access(user_id=target.pk, actor_id=actor.pk, **change)
        except NotAllowed:
            return "too late"
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        endings = pool.map(demote, [first, second], [second, first])
        return Counter(endings)


def administrators():
    return User.objects.filter(role=Role.ADMIN, is_active=True).count()


@pytest.mark.parametrize("change", CHANGES)
def test_of_two_who_demote_each_other_one_remains(change):
    for done in range(1, 6):
        endings = demote_each_other(AdminFactory(), AdminFactory(), change)

        assert endings == {"done": 1, "too late": 1}
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

    assert demote_each_other(AdminFactory(), AdminFactory(), change) == {"done": 2}
    assert administrators() == 0
