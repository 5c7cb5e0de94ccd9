"""Attempts per IP or account, counted atomically in Redis.

When Redis is down, limits of sign-in fail closed (503), all others let the request pass.
"""

import contextlib
import ipaddress
from dataclasses import dataclass

import redis
from django.conf import settings
from django.utils.crypto import salted_hmac

from core import request_context
from core.errors import RateLimited, Unavailable
from core.redis import client

# One round trip that cannot leave a counter without an end.
_COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""


@dataclass(frozen=True)
class Limit:
    """`attempts` in `seconds` for each subject.

    `fails_closed` guards credentials. `is_shared` is for subjects that strangers count on as well
    (an account, the whole shop): answers do not tell how many attempts of theirs are left, or
    anybody could watch when others sign in.
    """

    name: str
    attempts: int
    seconds: int
    fails_closed: bool = False
    is_shared: bool = False


def count_attempt(limit: Limit, subject: str) -> None:
    """Count one attempt; raise `RateLimited` beyond the limit, `Unavailable` if it must not pass.

    `subject` is an address or an account; Redis holds only a keyed digest of it, for the limit's
    seconds. What is left goes into the answer's RateLimit headers (see `core.request_context`).
    """
    if not settings.RATE_LIMITS:
        return
    try:
        count, remaining = client().eval(  # type: ignore[misc]
            _COUNT, 1, _key(limit, subject), limit.seconds
        )
    except redis.RedisError:
        if limit.fails_closed:
            raise Unavailable from None
        return
    reset = max(1, int(remaining))
    if not limit.is_shared:
        request_context.note_quota(
            request_context.Quota(limit.attempts, max(0, limit.attempts - count), reset)
        )
    if count > limit.attempts:
        raise RateLimited(
            retry_after=reset, attempts=limit.attempts, is_first=count == limit.attempts + 1
        )


def is_allowed(limit: Limit, subject: str) -> bool:
    """Count one attempt and return whether it was within the limit; no door hears of it."""
    try:
        count_attempt(limit, subject)
    except RateLimited:
        return False
    return True


def forget_attempts(limit: Limit, subject: str) -> None:
    """Count from nought again, for somebody who proved another way that the attempts were theirs.

    While Redis is down nothing is forgotten: the count ends by itself.
    """
    if settings.RATE_LIMITS:
        with contextlib.suppress(redis.RedisError):
            client().delete(_key(limit, subject))


def client_address(remote_address: str, forwarded_for: str) -> str:
    """Return who to count: the address that the last trusted proxy saw, an IPv6 one as its /64.

    `forwarded_for` is believed only as far as `TRUSTED_PROXY_COUNT` proxies append to it.
    """
    address = remote_address
    trusted = settings.TRUSTED_PROXY_COUNT
    if trusted:
        hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
        if len(hops) >= trusted:
            address = hops[-trusted]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:  # what a dual-stack socket calls an IPv4 client
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


def _key(limit: Limit, subject: str) -> str:
    # Keyed: addresses are few enough to try them all against a plain digest.
    digest = salted_hmac("core.ratelimit", subject, algorithm="sha256").hexdigest()[:32]
    return f"limit:{limit.name}:{digest}"
