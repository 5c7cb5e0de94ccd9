"""Stock 1 and fifty clients at once against real gunicorn; and a server without locks."""

import http.client
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.concurrency.twins import twin_of
from tests.fixtures.live_shop import LiveShop

pytestmark = [pytest.mark.req("COMM-02")]
BUYERS = 50
BODY = json.dumps(
    {
        "fulfilment": "DELIVERY",
        "address": {"recipient": "A", "line1": "1 Lane", "city": "Haifa", "postcode": "1"},
        "payment_method": "tok_visa",
    }
)
# Leaves one copy of a book in the warehouse and puts it into the carts of fresh shoppers.
PREPARE = """
import json
from accounts.services import tokens
from accounts.tests.factories import UserFactory
from catalog.models import Branch
from catalog.services import stock
from commerce.services import carts
from commerce.tests.factories import stocked_book
from core.ids import uuid7
warehouse = Branch.objects.get(is_warehouse=True)
book = stocked_book(warehouse, 1, title="The Last Copy {name}", isbn13="{isbn}")
users = [UserFactory(email=f"{{uuid7()}}@example.com") for _ in range({buyers})]
for user in users:
    carts.add_book(user=user, book_id=book.pk, quantity=1)
print("PREPARED" + json.dumps([book.pk, [tokens.issue_pair(user=user).access for user in users]]))
"""


def prepare(shop: LiveShop, name: str, isbn: str) -> tuple[int, list[str]]:
    code = PREPARE.format(name=name, isbn=isbn, buyers=BUYERS)
    printed = shop.manage("shell", "-v0", "-c", code)
    return json.loads(printed.partition("PREPARED")[2])


def buy_at_once(address: tuple[str, int], tokens: list[str]) -> Counter:
    """Let every client check out at the same moment; count statuses and error codes."""
    barrier = Barrier(len(tokens))

    def buy(token: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(*address, timeout=60)
        connection.connect()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        barrier.wait(timeout=60)
        connection.request("POST", "/api/v1/orders/checkout", BODY, headers)
        answer = connection.getresponse()
        body = json.load(answer)
        connection.close()
        return answer.status, body.get("error", {}).get("code", "")

    with ThreadPoolExecutor(max_workers=len(tokens)) as pool:
        return Counter(pool.map(buy, tokens))


def address_of(url: str) -> tuple[str, int]:
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)


def test_last_copy_is_one_order_and_forty_nine_clear_refusals(live_shop):
    book_id, tokens = prepare(live_shop, "Locked", "9780000000002")

    endings = buy_at_once(address_of(live_shop.url), tokens)

    assert endings == {(201, ""): 1, (409, "INSUFFICIENT_STOCK"): BUYERS - 1}
    orders = live_shop.rows("SELECT count(*) FROM commerce_orderline WHERE book_id = %s", book_id)
    assert orders == [(1,)]
    assert "BROKEN" not in live_shop.manage("check_invariants")


@pytest.fixture
def unsafe_shop(live_shop):
    """The same shop behind a second gunicorn whose lock helper locks nothing."""
    with twin_of(live_shop, "tests.concurrency.unsafe_wsgi:application") as address:
        yield address


def test_control_without_locks_only_the_constraint_stops_them(live_shop, unsafe_shop):
    _book_id, tokens = prepare(live_shop, "Unlocked", "9780000000019")

    endings = buy_at_once(unsafe_shop, tokens)

    assert endings[(500, "INTERNAL_ERROR")] > 0
    assert "BROKEN" not in live_shop.manage("check_invariants")
