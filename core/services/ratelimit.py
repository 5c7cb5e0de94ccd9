"""Attempts per IP or account, counted atomically in Redis.

When Redis is down, limits of sign-in fail closed (503), all others let the request pass.
"""

import hashlib
import ipaddress
from dataclasses import dataclass

import redis
from django.conf import settings

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
    """`attempts` in `seconds` for each subject; `fails_closed` guards credentials."""

    name: str
    attempts: int
    seconds: int
    fails_closed: bool = False


def count_attempt(limit: Limit, subject: str) -> None:
    """Count one attempt; raise `RateLimited` beyond the limit, `Unavailable` if it must not pass.

    `subject` is an address or an account; Redis holds only its digest, for the limit's seconds.
    """
    if not settings.RATE_LIMITS:
        return
    digest = hashlib.sha256(subject.encode()).hexdigest()[:32]
    try:
        count, remaining = client().eval(  # type: ignore[misc]
            _COUNT, 1, f"limit:{limit.name}:{digest}", limit.seconds
        )
    except redis.RedisError:
        if limit.fails_closed:
            raise Unavailable from None
        return
    if count > limit.attempts:
        raise RateLimited(retry_after=max(1, int(remaining)), attempts=limit.attempts)


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
