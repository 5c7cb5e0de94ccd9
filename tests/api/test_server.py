"""What a real gunicorn hands to the shop: bodies in pieces, sizes, hosts, ids."""

import http.client
import json
import re
import socket
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.req("BASE-06")


@pytest.fixture
def address(live_shop) -> tuple[str, int]:
    parts = urlsplit(live_shop.url)
    return parts.hostname, parts.port


def ask(address, method: str, path: str, body=None, *, chunked=False, timeout=10, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(*address, timeout=timeout)) as connection:
        connection.request(method, path, body=body, headers=named, encode_chunked=chunked)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()


def code(text: bytes) -> str:
    return json.loads(text)["error"]["code"]


LOGIN = "/api/v1/auth/login"
JSON = {"Content_Type": "application/json"}


@pytest.mark.req("BASE-01")
def test_shop_is_healthy_with_its_worker(address):
    status, _headers, text = ask(address, "GET", "/api/v1/health")

    assert status == 200
    assert json.loads(text)["data"]["checks"] == {"database": "ok", "cache": "ok", "jobs": "ok"}


@pytest.mark.parametrize("body", [b'{"email": "x"}', b'{"email": "x", "password": "y"}'])
def test_body_in_chunks_is_read_like_any_other(address, body):
    whole = ask(address, "POST", LOGIN, body, **JSON)
    pieces = ask(
        address,
        "POST",
        LOGIN,
        iter([body[:5], body[5:]]),
        chunked=True,
        Transfer_Encoding="chunked",
        **JSON,
    )

    assert pieces[0] == whole[0]
    assert json.loads(pieces[2])["error"]["details"] == json.loads(whole[2])["error"]["details"]


def test_body_over_the_limit_is_413_in_one_piece_and_in_many(address):
    whole = ask(address, "POST", LOGIN, b"x" * 1_500_000, **JSON)
    pieces = ask(
        address,
        "POST",
        LOGIN,
        iter([b"x" * 100_000] * 15),
        chunked=True,
        Transfer_Encoding="chunked",
        **JSON,
    )

    for status, _headers, text in (whole, pieces):
        assert (status, code(text)) == (413, "REQUEST_TOO_LARGE")


def test_length_that_was_only_claimed_is_413_at_once(address):
    with socket.create_connection(address, timeout=5) as plain:
        plain.sendall(
            b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{"
        )
        assert plain.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/nowhere", 404), ("/api/v1/a%00b", 400), ("/api/v1/%FF%FE", 404), ("/api/v1/%", 404)],
)
def test_odd_paths_have_the_envelope(address, path, status):
    found, headers, text = ask(address, "GET", path)

    assert found == status
    assert json.loads(text)["error"]["request_id"] == headers["X-Request-Id"]


def test_wrong_host_is_400(address):
    status, _headers, text = ask(address, "GET", "/api/v1/health/live", Host="evil.example")

    assert (status, code(text)) == (400, "MALFORMED_REQUEST")


@pytest.mark.req("BASE-05")
def test_request_id_is_in_the_answer_and_in_the_log(address, live_shop):
    _status, headers, _text = ask(address, "GET", "/api/v1/health/live", X_Request_Id="smoke-0001")

    assert headers["X-Request-Id"] == "smoke-0001"
    lines = [line for line in (live_shop.logs / "web.log").read_text().splitlines() if line]
    (line,) = [json.loads(line) for line in lines if "smoke-0001" in line]
    assert (line["event"], line["route"]) == ("request", "api/v1/health/live")


@pytest.mark.req("BASE-05")
def test_log_is_json_and_no_access_log_beside_it(address, live_shop):
    ask(address, "GET", "/?q=canary-query")
    text = (live_shop.logs / "web.log").read_text()

    assert "canary-query" not in text
    assert not re.search(r'"GET /', text)


def test_endless_header_is_refused(address):
    status, _headers, _text = ask(address, "GET", "/api/v1/health/live", X_Long="x" * 100_000)

    assert status in {400, 431}


@pytest.mark.req("BASE-05")
def test_logs_hold_nothing_of_those_who_register_and_sign_in(address, live_shop):
    canaries = ["canary.reader@example.com", "canary-password-77", "Canary Reader"]
    who = {"email": canaries[0], "password": canaries[1]}
    register = ask(
        address,
        "POST",
        "/api/v1/auth/register",
        json.dumps(who | {"full_name": canaries[2]}).encode(),
        **JSON,
    )
    login = ask(address, "POST", LOGIN, json.dumps(who).encode(), **JSON)
    pair = json.loads(login[2])["data"]
    ask(address, "GET", "/api/v1/users/me", Authorization=f"Bearer {pair['access']}")
    ask(address, "POST", LOGIN, json.dumps(who | {"password": "wrong-canary"}).encode(), **JSON)
    ask(address, "GET", f"/search/?q={canaries[0]}")

    assert (register[0], login[0]) == (201, 200)
    text = "".join(path.read_text() for path in live_shop.logs.glob("*.log"))
    hidden = [*canaries, "wrong-canary", pair["access"], pair["refresh"]]
    assert [canary for canary in hidden if canary in text] == []


@pytest.mark.req("BASE-02")
def test_what_must_hold_holds_in_the_demo_shop(live_shop):
    verdicts = json.loads(live_shop.manage("check_invariants", "--json"))

    assert len(verdicts) >= 6
    assert {name: rows for name, rows in verdicts.items() if rows} == {}


def test_clients_that_fall_silent_do_not_keep_the_threads(address):
    with ExitStack() as silent:
        clients = [silent.enter_context(socket.create_connection(address)) for _ in range(20)]
        for client in clients:
            start = f"POST {LOGIN} HTTP/1.1\r\nHost: {address[0]}\r\nContent-Type: application/json"
            client.sendall(f"{start}\r\nContent-Length: 100\r\n\r\n{{".encode())

        assert ask(address, "GET", "/api/v1/health/live", timeout=20)[0] == 200

        clients[0].settimeout(10)
        assert clients[0].recv(4096).startswith(b"HTTP/1.1 400 ")
