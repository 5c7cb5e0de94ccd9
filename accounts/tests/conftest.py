"""What only the tests of accounts need."""

import pytest

from core import redis as shop_redis


@pytest.fixture
def redis_is_down(settings):
    """Point the shop at a Redis that nobody started."""
    living = settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    shop_redis.client.cache_clear()
    yield
    settings.REDIS_URL = living  # now, for other fixtures clean up after this one
    shop_redis.client.cache_clear()
