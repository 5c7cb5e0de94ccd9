"""Fixtures that every app's tests may use; the live shop and the browser have their own files."""

import os

import pytest
from django.core.cache import cache
from django.db import connection

from core import caching
from core import redis as shop_redis
from core.redis import client
from tests.fixtures.api import ApiClient

# Playwright keeps an event loop in the thread of the tests; Django would refuse its ORM there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = [
    "tests.fixtures.identity",
    "tests.fixtures.live_shop",
    "tests.fixtures.browser",
    "tests.fixtures.desk",
    "tests.fixtures.log_guard",
    "tests.fixtures.media",
]


# Only where the trigger is: a database that an older migration made has none yet.
_LET_TESTS_EMPTY_IT = """
    DO $$ BEGIN
        ALTER TABLE core_auditentry DISABLE TRIGGER core_auditentry_never_emptied;
    EXCEPTION WHEN undefined_object THEN NULL;
    END $$
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit leave an empty database behind them; the audit trail would refuse."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(_LET_TESTS_EMPTY_IT)


@pytest.fixture
def api() -> ApiClient:
    """A client of the API: paths below /api/v1, JSON bodies, `sign_in` for a bearer token."""
    return ApiClient()


@pytest.fixture
def rate_limits(settings):
    """Switch the limiter on (tests run without), with no attempt counted yet."""
    settings.RATE_LIMITS = True
    _forget_attempts()
    yield
    _forget_attempts()


@pytest.fixture
def redis_is_down(settings):
    """Point the shop at a Redis that nobody started."""
    living, caches = settings.REDIS_URL, settings.CACHES
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": caches["default"] | {"LOCATION": settings.REDIS_URL}}
    shop_redis.client.cache_clear()
    yield
    # Now, for other fixtures clean up after this one.
    settings.REDIS_URL, settings.CACHES = living, caches
    shop_redis.client.cache_clear()
    caching.patience.regain()


@pytest.fixture(autouse=True)
def _counts_are_made_anew(monkeypatch):
    """Most tests write past the services and never commit: what is counted is not remembered."""
    monkeypatch.setattr(caching, "SECONDS", 0)


@pytest.fixture
def remembered_counts(monkeypatch, clean_cache):
    """Counts are remembered as in a running shop, none of them yet."""
    monkeypatch.setattr(caching, "SECONDS", 60)


@pytest.fixture
def clean_cache():
    """An empty cache before and after."""
    cache.clear()
    yield cache
    cache.clear()


@pytest.fixture(autouse=True)
def _no_job_is_left(request):
    """Empty the queue after tests that commit: Django's flush knows only its own tables."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (
        marker is not None and marker.kwargs.get("transaction")
    )
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def _forget_attempts():
    for key in client().scan_iter("limit:*"):
        client().delete(key)
