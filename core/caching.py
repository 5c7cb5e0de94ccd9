"""What is remembered in Redis, and why it is never old: the key says what it was made of.

A rendered part of a book is kept under the book's id *and version*; the version is read from the
database with the page, and every write raises it in its own transaction. So nothing has to be
thrown away, and a Redis that was down while something changed knows nothing wrong afterwards:
prices and stock are right by construction. What is made of many rows (counts of genres) is kept
under a generation in Redis that `forget` raises after the commit, and for `SECONDS` at most.

Without Redis everything is made anew: slower, not broken. A process that could not reach it does
not ask again for `PAUSE` seconds, so that an outage costs one wait and not one in every request.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence

import redis
import structlog
from django.core.cache import cache
from django.db import transaction

SECONDS = 60
LONG_SECONDS = 24 * 3600
PAUSE = 5.0

log = structlog.get_logger("cache")


class _Patience:
    """Whether this process asks Redis at the moment."""

    def __init__(self) -> None:
        self.lost_until = 0.0

    def is_lost(self) -> bool:
        return time.monotonic() < self.lost_until

    def lose(self, error: Exception) -> None:
        self.lost_until = time.monotonic() + PAUSE
        log.warning("cache unreachable", reason=type(error).__name__, pause=PAUSE)

    def regain(self) -> None:
        self.lost_until = 0.0


patience = _Patience()


def remembered(
    keys: Sequence[str],
    make: Callable[[list[str]], Mapping[str, str]],
    *,
    seconds: int = LONG_SECONDS,
) -> list[str]:
    """Return the text behind each key; `make` gets the keys that nobody remembers.

    One question to Redis whatever the number of keys, one more when some were missing. Each key
    must hold all that its text depends on. What `make` leaves out is "" and not kept.
    """
    known = _ask(keys)
    missing = [key for key in dict.fromkeys(keys) if key not in known]
    if missing:
        made = make(missing)
        _keep(made, seconds)
        known = {**known, **made}
    return [known.get(key, "") for key in keys]


def remembered_for_now(name: str, key: str, make: Callable[[], str]) -> str:
    """Return a text made of many rows, at most `SECONDS` old, anew once `forget(name)` committed.

    The generation is read before the text is made, so a text made of what is older than a change
    can only be kept under the generation before it.
    """
    generation_key = _generation_key(name)
    generation = _ask([generation_key]).get(generation_key)
    if generation is None:
        generation = uuid.uuid4().hex
        _keep({generation_key: generation}, LONG_SECONDS)
    full = f"{name}:{generation}:{key}"
    return remembered([full], lambda _missing: {full: make()}, seconds=SECONDS)[0]


def forget(name: str) -> None:
    """Make everything under a name anew from this transaction's commit on; nothing if it fails."""
    transaction.on_commit(lambda: _begin_generation(name), robust=True)


def _begin_generation(name: str) -> None:
    # Asked even while patience is lost: a generation that is missed leaves old counts for a minute.
    try:
        cache.set(_generation_key(name), uuid.uuid4().hex, LONG_SECONDS)
    except redis.RedisError as error:
        patience.lose(error)


def _generation_key(name: str) -> str:
    return f"generation:{name}"


def _ask(keys: Sequence[str]) -> dict[str, str]:
    if not keys or patience.is_lost():
        return {}
    try:
        return cache.get_many(keys)
    except redis.RedisError as error:
        patience.lose(error)
        return {}


def _keep(made: Mapping[str, str], seconds: int) -> None:
    if not made or patience.is_lost():
        return
    try:
        cache.set_many(dict(made), seconds)
    except redis.RedisError as error:
        patience.lose(error)
