"""Attempts counted in a real Redis, and what happens without one."""

import threading
import time

import pytest

from core import redis as shop_redis
from core.errors import RateLimited, Unavailable
from core.redis import client
from core.services.ratelimit import Limit, client_address, count_attempt

pytestmark = pytest.mark.req("AUTH-08")

FIVE = Limit("test-five", attempts=5, seconds=60)
LOGIN = Limit("test-login", attempts=5, seconds=60, fails_closed=True)


def test_attempts_beyond_the_limit_are_refused(rate_limits):
    for _ in range(5):
        count_attempt(FIVE, "reader")
    with pytest.raises(RateLimited) as refused:
        count_attempt(FIVE, "reader")

    assert 55 <= refused.value.retry_after <= 60
    assert refused.value.attempts == 5


def test_subjects_and_limits_are_counted_apart(rate_limits):
    for _ in range(5):
        count_attempt(FIVE, "reader")
    count_attempt(FIVE, "other reader")
    count_attempt(LOGIN, "reader")


def test_attempts_are_forgotten_in_time(rate_limits):
    brief = Limit("test-brief", attempts=1, seconds=1)
    count_attempt(brief, "reader")
    with pytest.raises(RateLimited):
        count_attempt(brief, "reader")
    time.sleep(1.1)

    count_attempt(brief, "reader")


def test_counter_has_an_end_and_no_name(rate_limits):
    count_attempt(FIVE, "reader@example.com")
    (key,) = client().scan_iter("limit:test-five:*")

    assert b"reader" not in key
    assert 55 <= client().ttl(key) <= 60


def test_of_forty_at_once_five_pass(rate_limits):
    together = threading.Barrier(40, timeout=20)
    passed = []

    def attempt() -> None:
        together.wait()
        try:
            count_attempt(FIVE, "reader")
        except RateLimited:
            return
        passed.append(1)

    threads = [threading.Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 5


def test_limits_may_be_off(settings):
    settings.RATE_LIMITS = False
    for _ in range(50):
        count_attempt(FIVE, "reader")


@pytest.fixture
def redis_away(settings, monkeypatch, free_port):
    """Redis at an address where nobody listens."""
    settings.RATE_LIMITS = True
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port}/0"
    shop_redis.client.cache_clear()
    yield
    shop_redis.client.cache_clear()


def test_without_redis_sign_in_is_closed(redis_away):
    with pytest.raises(Unavailable):
        count_attempt(LOGIN, "reader")


def test_without_redis_other_limits_are_open(redis_away):
    for _ in range(10):
        count_attempt(FIVE, "reader")


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "", "203.0.113.9"),
        (0, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "1.1.1.1, 2.2.2.2, 198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (2, "10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", "unknown"),
        (1, "10.0.0.1", " , 198.51.100.1 ,", "198.51.100.1"),
        (0, "", "", "unknown"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.9", "", "203.0.113.9"),
        (0, "fe80::1%eth0", "", "fe80::/64"),
    ],
)
def test_address_is_what_the_last_trusted_proxy_saw(settings, trusted, remote, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = trusted

    assert client_address(remote, forwarded) == expected


def test_rotating_the_header_does_not_pass_the_limit(rate_limits, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    addresses = [client_address("10.0.0.1", f"1.1.1.{n}, 198.51.100.1") for n in range(6)]
    for address in addresses[:5]:
        count_attempt(FIVE, address)
    with pytest.raises(RateLimited):
        count_attempt(FIVE, addresses[5])
