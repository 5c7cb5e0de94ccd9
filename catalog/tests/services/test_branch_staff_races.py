"""Somebody is tied to a branch at the moment that they stop being staff."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import User
from accounts.services import roles
from accounts.tests.factories import EmployeeFactory
from catalog.models import BranchStaff
from catalog.services import branch_staff
from catalog.tests.factories import BranchFactory
from core import locks
from core.errors import Invalid
from core.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-13")]


def tie_while_demoting():
    """Tie the employee between the write and the commit of their new role; return how it ended."""
    employee, branch = EmployeeFactory(), BranchFactory()
    written, tied = threading.Event(), threading.Event()

    def demote():
        try:
            with transaction.atomic():
                roles.change_role(user_id=employee.pk, role=Role.CUSTOMER, actor_id=None)
                written.set()
                tied.wait(timeout=0.5)
        finally:
            connection.close()

    def tie():
        try:
            written.wait(timeout=10)
            branch_staff.set_staff(branch_id=branch.pk, user_ids=[employee.pk], actor_id=None)
        except Invalid:
            return "refused"
        else:
            return "tied"
        finally:
            tied.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        demoted, ended = pool.submit(demote), pool.submit(tie)
        demoted.result(timeout=30)
        return ended.result(timeout=30)


def customers_with_ties():
    return BranchStaff.objects.filter(user__in=User.objects.filter(role=Role.CUSTOMER)).count()


def test_customer_is_never_left_tied():
    assert (tie_while_demoting(), customers_with_ties()) == ("refused", 0)


def test_control_without_locks_a_customer_is_tied(monkeypatch):
    monkeypatch.setattr(locks, "lock_rows", lambda rows, **kwargs: list(rows.order_by("pk")))

    assert (tie_while_demoting(), customers_with_ties()) == ("tied", 1)
