"""T085: a shop whose Redis is gone shows its books, sells them, and lets nobody guess passwords."""

import http.client
import json
import socket

import pytest

from tests.concurrency.twins import twin_of

pytestmark = [pytest.mark.req("AUTH-08")]
READER = {"email": "reader@example.com", "password": "bookstore-demo"}


@pytest.fixture
def shop_without_redis(live_shop):
    """The shop with limits on, told of a Redis at an address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    environment = {"REDIS_URL": f"redis://127.0.0.1:{nobody}/0", "RATE_LIMITS": "on"}
    with twin_of(live_shop, environment=environment, check="/api/v1/health/ready") as address:
        yield address


def ask(address, method, path, body=None, **headers):
    connection = http.client.HTTPConnection(*address, timeout=20)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def test_catalogue_is_open_and_sign_in_closed(live_shop, shop_without_redis):
    for path in ("/", "/books/", "/api/v1/books", "/account/login/"):
        assert ask(shop_without_redis, "GET", path)[0] == 200, path

    families = live_shop.rows("SELECT count(*) FROM accounts_refreshfamily")
    for path, body in [
        ("/api/v1/auth/login", READER),
        ("/api/v1/auth/register", READER | {"email": "new@example.com"}),
        ("/api/v1/auth/password-reset", {"email": READER["email"]}),
        ("/api/v1/auth/resend-verification", {"email": READER["email"]}),
    ]:
        status, headers, answer = ask(shop_without_redis, "POST", path, body)
        assert (status, json.loads(answer)["error"]["code"]) == (503, "SERVICE_UNAVAILABLE"), path
        assert int(headers["Retry-After"]) > 0
        assert "RateLimit-Limit" not in headers
    assert live_shop.rows("SELECT count(*) FROM accounts_refreshfamily") == families
    assert live_shop.rows("SELECT 1 FROM accounts_user WHERE email = 'new@example.com'") == []


def test_who_is_signed_in_stays_so_and_refreshes(live_shop, shop_without_redis):
    address = live_shop.url.removeprefix("http://").split(":")
    address = (address[0], int(address[1]))
    pair = json.loads(ask(address, "POST", "/api/v1/auth/login", READER)[2])["data"]

    bearer = {"Authorization": f"Bearer {pair['access']}"}
    assert ask(shop_without_redis, "GET", "/api/v1/users/me", **bearer)[0] == 200
    refreshed = ask(
        shop_without_redis, "POST", "/api/v1/auth/refresh", {"refresh": pair["refresh"]}
    )
    assert refreshed[0] == 200
    cart = ask(shop_without_redis, "GET", "/api/v1/cart", **bearer)
    assert cart[0] == 200
