"""T049 over HTTP: two hundred refreshes of one token against gunicorn, and against its control."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

import pytest

from tests.concurrency.twins import twin_of
from tests.fixtures.live_shop import LiveShop

pytestmark = [pytest.mark.req("AUTH-03")]
CALLS = 200
ROUNDS = 3
CONNECTIONS = 16
PREPARE = """
import json
from accounts.services import tokens
from accounts.tests.factories import UserFactory
from core.ids import uuid7
user = UserFactory(email=f"{uuid7()}@example.com")
pairs = [tokens.issue_pair(user=user) for _ in range(3)]
print("PREPARED" + json.dumps([str(user.pk), [pair.refresh for pair in pairs]]))
"""


def prepare(shop: LiveShop) -> tuple[str, list[str]]:
    """Return the id of a fresh user and three refresh tokens, each of a family of its own."""
    printed = shop.manage("shell", "-v0", "-c", PREPARE)
    return json.loads(printed.partition("PREPARED")[2])


def refresh_at_once(address: tuple[str, int], token: str) -> Counter[tuple[int, str]]:
    """Send the token 200 times, sixteen at a time; count statuses and error codes."""
    everybody = Event()
    body = json.dumps({"refresh": token})

    def refresh(_number: int) -> tuple[int, str]:
        with closing(http.client.HTTPConnection(*address, timeout=60)) as connection:
            connection.connect()
            everybody.wait(timeout=30)
            connection.request(
                "POST", "/api/v1/auth/refresh", body, {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            said = json.load(answer)
            return answer.status, said.get("error", {}).get("code", "")

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        calls = [pool.submit(refresh, number) for number in range(CALLS)]
        everybody.set()
        return Counter(call.result(timeout=120) for call in calls)


def address_of(url: str) -> tuple[str, int]:
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)


def test_one_refresh_of_two_hundred_succeeds(live_shop):
    user_id, refreshes = prepare(live_shop)

    rounds = [refresh_at_once(address_of(live_shop.url), token) for token in refreshes]

    assert rounds == [{(200, ""): 1, (401, "TOKEN_REUSED"): CALLS - 1}] * ROUNDS
    families = live_shop.rows(
        "SELECT revoked_because, count(*) FROM accounts_refreshfamily"
        " WHERE user_id = %s GROUP BY 1",
        user_id,
    )
    assert families == [("refresh token reused", ROUNDS)]


def test_control_that_looks_before_it_claims_lets_several_through(live_shop):
    _user_id, refreshes = prepare(live_shop)

    with twin_of(live_shop, "tests.concurrency.forgetful_tokens_wsgi:application") as address:
        endings = refresh_at_once(address, refreshes[0])

    assert endings[200, ""] > 1
