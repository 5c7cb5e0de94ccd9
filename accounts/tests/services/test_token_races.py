"""Many at once, over real connections; and the same with the one-statement claim taken apart."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.db.models import QuerySet

from accounts.errors import TokenReused
from accounts.models import RefreshFamily, User
from accounts.services import registration, tokens
from accounts.tests.factories import UserFactory
from core.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20


def all_at_once(work):
    """Run `work(number)` in many threads at the same moment; return how each ended."""
    barrier = Barrier(AT_ONCE)

    def run(number):
        try:
            barrier.wait(timeout=30)
            return "done", work(number)
        except Exception as error:  # noqa: BLE001  # every ending is counted
            return type(error).__name__, None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def refresh_at_once(token):
    endings = all_at_once(lambda _: tokens.refresh_pair(refresh=token, address="203.0.113.9"))
    return Counter(ending for ending, _ in endings), [pair for _, pair in endings if pair]


@pytest.mark.req("AUTH-03")
def test_of_twenty_refreshes_at_once_exactly_one_succeeds():
    first = tokens.issue_pair(user=UserFactory())

    endings, pairs = refresh_at_once(first.refresh)

    assert endings == {"done": 1, TokenReused.__name__: AT_ONCE - 1}
    assert RefreshFamily.objects.get().revoked_because == tokens.REUSED
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.token_reused"]
    with pytest.raises(TokenReused):
        tokens.refresh_pair(refresh=pairs[0].refresh, address="203.0.113.9")


@pytest.mark.req("AUTH-03")
def test_control_looking_before_claiming_lets_several_through(monkeypatch):
    """Read, compare, then write by key: what the claim would be in two statements."""
    claim = QuerySet.update
    everyone_looked = Barrier(AT_ONCE)

    def look_then_write(queryset, **changes):
        if "current_jti" not in changes:
            return claim(queryset, **changes)
        found = queryset.first()
        everyone_looked.wait(timeout=30)
        if found is None:
            return 0
        return claim(RefreshFamily.objects.filter(pk=found.pk), **changes)

    monkeypatch.setattr(QuerySet, "update", look_then_write)
    first = tokens.issue_pair(user=UserFactory())

    endings, _pairs = refresh_at_once(first.refresh)

    assert endings["done"] > 1


@pytest.mark.req("AUTH-01")
def test_of_twenty_registrations_at_once_one_is_stored():
    def register(number):
        return registration.register_user(
            email=["ada@example.com", "ADA@example.com"][number % 2],
            password=f"a long enough phrase {number}",
            address="203.0.113.9",
        )

    endings = all_at_once(register)

    assert Counter(ending for ending, _ in endings) == {"done": AT_ONCE}
    owner = User.objects.get()
    assert owner.pk in {user.pk for _, user in endings}
    assert Counter(entry.action for entry in AuditEntry.objects.all()) == {
        "auth.registered": 1,
        "auth.registration_repeated": AT_ONCE - 1,
    }
    assert {entry.entity_id for entry in AuditEntry.objects.all()} == {str(owner.pk)}
