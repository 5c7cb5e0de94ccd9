"""The shop's Redis, with short patience: a slow cache must not make a slow shop."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 0.5


@cache
def client() -> "redis.Redis":
    """Return the process's client (its pool is thread-safe). It asks once and gives up soon."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        # The library would try again three times, with pauses of seconds between.
        retry=Retry(NoBackoff(), 0),
    )
