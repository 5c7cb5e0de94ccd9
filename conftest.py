"""Fixtures that every app's tests may use; the live shop and the browser have their own files."""

import os

import pytest
from django.core.cache import cache

from core.redis import client
from tests.fixtures.api import ApiClient

# Playwright keeps an event loop in the thread of the tests; Django would refuse its ORM there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = ["tests.fixtures.live_shop", "tests.fixtures.browser"]


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
def clean_cache():
    """An empty cache before and after."""
    cache.clear()
    yield cache
    cache.clear()


def _forget_attempts():
    for key in client().scan_iter("limit:*"):
        client().delete(key)
