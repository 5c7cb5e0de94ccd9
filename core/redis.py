"""The shop's Redis, with short patience: a slow cache must not make a slow shop."""

from functools import cache

import redis
from django.conf import settings

SECONDS = 0.5


@cache
def client() -> "redis.Redis":
    """Return the process's client (its pool is thread-safe)."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
    )
