"""T049: of any number of simultaneous refreshes of one token exactly one succeeds.

Over real connections, with a control whose claim is taken apart into a look and a write. The suite
runs a few rounds; REFRESH_ROUNDS=100 runs as many as the promise speaks of.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connections
from django.db.models import QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.errors import TokenReused
from accounts.models import RefreshFamily, User
from accounts.services import registration, tokens
from accounts.tests.factories import UserFactory
from core.models import AuditEntry
from tests.fixtures.at_once import all_at_once, count_endings

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20
ROUNDS = int(os.environ.get("REFRESH_ROUNDS", "5"))
CALLS = 200
THREADS = 16


def refresh_at_once(token):
    endings = all_at_once(
        lambda _: tokens.refresh_pair(refresh=token, address="203.0.113.9"), AT_ONCE
    )
    return count_endings(endings), [pair for _, pair in endings if pair]


@pytest.fixture
def crowd():
    """Refresh one token 200 times from sixteen connections that all start at the same moment."""
    pool = ThreadPoolExecutor(max_workers=THREADS)

    def rush(token):
        everybody = Event()

        def refresh(_number):
            everybody.wait(timeout=30)
            try:
                return "done", tokens.refresh_pair(refresh=token, address="203.0.113.9")
            except Exception as error:  # noqa: BLE001  # every ending is counted
                return type(error).__name__, None

        calls = [pool.submit(refresh, number) for number in range(CALLS)]
        everybody.set()
        endings = [call.result(timeout=60) for call in calls]
        return count_endings(endings), [pair for _, pair in endings if pair]

    yield rush
    goodbye = Barrier(THREADS)

    def hang_up(_number):
        goodbye.wait(timeout=30)
        connections.close_all()

    list(pool.map(hang_up, range(THREADS)))
    pool.shutdown()


@pytest.mark.req("AUTH-03")
def test_of_two_hundred_refreshes_exactly_one_succeeds_in_every_round(crowd):
    user = UserFactory()
    seen = Counter()

    for _ in range(ROUNDS):
        endings, pairs = crowd(tokens.issue_pair(user=user).refresh)
        seen[endings["done"]] += 1
        assert endings == {"done": 1, TokenReused.__name__: CALLS - 1}
        with pytest.raises(TokenReused):
            tokens.refresh_pair(refresh=pairs[0].refresh, address="203.0.113.9")

    assert seen == {1: ROUNDS}
    assert set(RefreshFamily.objects.values_list("revoked_because", flat=True)) == {tokens.REUSED}
    assert AuditEntry.objects.filter(action="auth.token_reused").count() == ROUNDS
    letters = ProcrastinateJob.objects.filter(task_name="accounts.send_letter")
    assert [job.args["letter"] for job in letters] == ["token_reused"] * ROUNDS


@pytest.mark.req("AUTH-03")
def test_of_twenty_refreshes_at_once_exactly_one_succeeds():
    first = tokens.issue_pair(user=UserFactory())

    endings, pairs = refresh_at_once(first.refresh)

    assert endings == {"done": 1, TokenReused.__name__: AT_ONCE - 1}
    assert RefreshFamily.objects.get().revoked_because == tokens.REUSED
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.token_reused"]
    with pytest.raises(TokenReused):
        tokens.refresh_pair(refresh=pairs[0].refresh, address="203.0.113.9")


def taken_apart(claim, *, meet):
    """Return the claim as two statements: look whether the token lives, then write by key."""

    def look_then_write(queryset, **changes):
        if "current_jti" not in changes:
            return claim(queryset, **changes)
        found = queryset.first()
        meet()
        if found is None:
            return 0
        return claim(RefreshFamily.objects.filter(pk=found.pk), **changes)

    return look_then_write


@pytest.mark.req("AUTH-03")
def test_control_looking_before_claiming_lets_several_through(monkeypatch):
    """Read, compare, then write by key: what the claim would be in two statements."""
    everyone_looked = Barrier(AT_ONCE)
    meet = lambda: everyone_looked.wait(timeout=30)  # noqa: E731  # a name for what it does
    monkeypatch.setattr(QuerySet, "update", taken_apart(QuerySet.update, meet=meet))
    first = tokens.issue_pair(user=UserFactory())

    endings, _pairs = refresh_at_once(first.refresh)

    assert endings["done"] > 1


@pytest.mark.req("AUTH-03")
def test_control_of_two_hundred_lets_several_through(crowd, monkeypatch):
    """The first sixteen have all looked before any of them writes; nothing else is different."""
    first_looks = Barrier(THREADS)
    looks = iter(range(CALLS))

    def meet():
        if next(looks) < THREADS:
            first_looks.wait(timeout=30)

    monkeypatch.setattr(QuerySet, "update", taken_apart(QuerySet.update, meet=meet))

    endings, _pairs = crowd(tokens.issue_pair(user=UserFactory()).refresh)

    assert endings["done"] > 1


@pytest.mark.req("AUTH-01")
def test_of_twenty_registrations_at_once_one_is_stored():
    def register(number):
        return registration.register_user(
            email=["ada@example.com", "ADA@example.com"][number % 2],
            password=f"a long enough phrase {number}",
            address="203.0.113.9",
        )

    endings = all_at_once(register, AT_ONCE)

    assert count_endings(endings) == {"done": AT_ONCE}
    owner = User.objects.get()
    assert owner.pk in {user.pk for _, user in endings}
    assert Counter(entry.action for entry in AuditEntry.objects.all()) == {
        "auth.registered": 1,
        "auth.registration_repeated": AT_ONCE - 1,
    }
    assert {entry.entity_id for entry in AuditEntry.objects.all()} == {str(owner.pk)}
