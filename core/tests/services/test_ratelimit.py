"""Attempts counted in a real Redis, and what happens without one (T085)."""

import hashlib
import threading
import time

import pytest

from core import redis as shop_redis
from core.errors import RateLimited, Unavailable
from core.redis import client
from core.request_context import Quota, begin_request, noted_quota
from core.services import ratelimit
from core.services.ratelimit import (
    Limit,
    client_address,
    count_attempt,
    forget_attempts,
    is_allowed,
)

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
    assert refused.value.is_first
    with pytest.raises(RateLimited) as again:
        count_attempt(FIVE, "reader")
    assert not again.value.is_first


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


def test_counter_cannot_be_found_by_trying_addresses(rate_limits, settings):
    """Whoever reads Redis must not learn who signed in: a plain digest would fall to a list."""
    count_attempt(FIVE, "reader@example.com")
    (key,) = client().scan_iter("limit:test-five:*")
    digest = key.decode().rpartition(":")[2]

    for name in ("sha256", "sha1", "md5", "blake2b"):
        plain = hashlib.new(name, b"reader@example.com").hexdigest()
        assert digest not in plain
        assert plain[:16] not in digest
    client().delete(key)
    settings.SECRET_KEY = "another " * 8
    count_attempt(FIVE, "reader@example.com")
    (other,) = client().scan_iter("limit:test-five:*")
    assert other != key


def test_what_is_left_is_noted_for_the_answer(rate_limits):
    begin_request(None)
    assert noted_quota() is None
    count_attempt(FIVE, "reader")
    assert noted_quota() == Quota(attempts=5, remaining=4, reset=60)

    count_attempt(Limit("test-many", attempts=100, seconds=60), "reader")
    assert noted_quota() == Quota(attempts=5, remaining=4, reset=60)
    count_attempt(Limit("test-shared", attempts=1, seconds=60, is_shared=True), "reader")
    assert noted_quota() == Quota(attempts=5, remaining=4, reset=60)

    begin_request(None)
    assert noted_quota() is None


def test_is_allowed_counts_without_refusing(rate_limits):
    once = Limit("test-once", attempts=1, seconds=60)

    assert [is_allowed(once, "reader") for _ in range(3)] == [True, False, False]


def test_attempts_may_be_forgotten(rate_limits):
    for _ in range(5):
        count_attempt(FIVE, "reader")
    count_attempt(FIVE, "other reader")

    forget_attempts(FIVE, "reader")

    for _ in range(5):
        count_attempt(FIVE, "reader")
    with pytest.raises(RateLimited):
        count_attempt(FIVE, "reader")


def passed_of_forty_at_once():
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
    return len(passed)


def test_of_forty_at_once_five_pass(rate_limits):
    assert passed_of_forty_at_once() == 5


def test_control_that_reads_and_then_writes_lets_more_pass(rate_limits, monkeypatch):
    """What the counter would be in two steps: all read before the first of them writes."""
    everybody_read = threading.Barrier(40, timeout=20)

    class TwoSteps:
        def eval(self, _script, _keys, key, seconds):
            count = int(client().get(key) or 0) + 1
            everybody_read.wait()
            client().set(key, count, ex=seconds)
            return count, seconds

    monkeypatch.setattr(ratelimit, "client", TwoSteps)

    assert passed_of_forty_at_once() > 5


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
