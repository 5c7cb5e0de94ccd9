"""Log lines: one for each request, JSON, with the request's id and nothing personal."""

import io
import json
import logging

import pytest
import structlog

from core.logs import hide_personal

pytestmark = [pytest.mark.urls("core.tests.urls"), pytest.mark.req("BASE-05")]

CANARIES = [
    "canary-password-7",
    "reader.canary@example.com",
    "eyJhbGciOi.eyJjYW5hcnki.c2ln",
    "tok_canary",
    "4242 4242 4242 4242",
    "Canary Street 5",
]


@pytest.fixture
def lines():
    """Every log line as the production handler writes it."""
    root = logging.getLogger()
    formatter = next(h.formatter for h in root.handlers if type(h) is logging.StreamHandler)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_request_has_one_line_without_values(api, lines):
    api.post("echo?secret=canary", {"name": "x"}, headers={"X-Request-Id": "request-1"})

    (line,) = lines()
    assert line.pop("ms") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "request",
        "method": "POST",
        "request_id": "request-1",
        "route": "api/v1/echo",
        "status": 201,
    }


def test_crash_is_logged_once_with_the_request_id(api, lines):
    api.get("crash", headers={"X-Request-Id": "request-2"})

    found = lines()
    assert {line["request_id"] for line in found} == {"request-2"}
    (crash,) = [line for line in found if "exception" in line]
    assert crash["level"] == "error"
    assert "RuntimeError: secret detail of [hidden]" in crash["exception"]


def test_outage_is_logged_once_with_its_cause(api, lines):
    api.get("away", headers={"X-Request-Id": "request-3"})

    (outage,) = [line for line in lines() if "exception" in line]
    assert outage["event"] == "database unavailable"
    assert outage["request_id"] == "request-3"
    assert "AdminShutdown" in outage["exception"]


def test_nothing_personal_is_logged_of_a_login(api, lines):
    body = {"name": CANARIES[0], "email": CANARIES[1], "card": CANARIES[3]}
    api.post(f"echo?q={CANARIES[1]}", body, headers={"Authorization": f"Bearer {CANARIES[2]}"})
    api.get(f"nowhere?email={CANARIES[1]}")
    api.get("crash", headers={"Cookie": f"session={CANARIES[0]}"})

    text = json.dumps(lines())
    assert len(lines()) >= 4
    assert [canary for canary in CANARIES if canary in text] == []


@pytest.mark.parametrize(
    "event",
    [
        "could not mail reader.canary@example.com",
        "Authorization: Bearer eyJhbGciOi.eyJjYW5hcnki.c2ln",
        "POST password=canary-password-7&next=/",
        '{"password": "canary-password-7"}',
        "charged tok_canary",
        "card 4242 4242 4242 4242 refused",
        "violates check\nDETAIL:  Failing row contains (1, Canary Street 5, 7).",
    ],
)
def test_personal_values_are_hidden_by_their_look(event):
    line = hide_personal(None, "info", {"event": event, "exception": event})

    assert [canary for canary in CANARIES if canary in json.dumps(line)] == []
    assert "[hidden]" in line["event"]


def test_personal_values_are_hidden_by_their_name():
    line = hide_personal(
        None,
        "info",
        {"email": "x", "data": {"new_password": "x", "rows": [{"phone": "x"}]}, "n": 5},
    )

    assert line == {
        "email": "[hidden]",
        "data": {"new_password": "[hidden]", "rows": [{"phone": "[hidden]"}]},
        "n": 5,
    }


def test_ordinary_lines_stay_as_they_are():
    line = {
        "event": "imported 15291 books in 12.5 s from catalogue.jsonl",
        "isbn": "978-0-14-044913-6",
        "id": "0199d7c2-61f1-7cc3-98c4-dc0c0c07398f",
    }

    assert hide_personal(None, "info", dict(line)) == line


def test_new_line_in_a_value_cannot_forge_a_line(lines):
    structlog.get_logger("test").warning("said\nlevel=error", name="a\r\nb")

    (line,) = lines()
    assert line["event"] == "said\nlevel=error"
    assert line["name"] == "a\r\nb"


@pytest.mark.parametrize("page", ["verify", "reset", "email", "login/link"])
def test_secrets_of_mailed_links_are_hidden_in_addresses(page):
    path = f"/account/{page}/AaH8VVZ8cD2j6Xfr0hnFgw.-fRV9Rf-J2t0ccyoeDqt3fC7MvNrrI0H/"

    line = hide_personal(None, "error", {"event": f"Internal Server Error: {path}"})

    assert line == {"event": f"Internal Server Error: /account/{page}/[hidden]/"}
