"""What happens around every request: its id, its log line, its guard."""

import io
import re

import pytest
from django.test import RequestFactory

from core.http.middleware import RequestGuardMiddleware
from core.models import AuditEntry

pytestmark = pytest.mark.urls("core.tests.urls")


@pytest.mark.req("BASE-05")
@pytest.mark.parametrize("offered", ["12345678", "a" * 128, "A-b_c.9-" * 4])
def test_well_formed_request_id_is_taken_over(api, offered):
    response = api.get("echo", headers={"X-Request-Id": offered})

    assert response["X-Request-Id"] == offered
    assert response.json()["data"]["request_id"] == offered


@pytest.mark.req("BASE-05")
@pytest.mark.parametrize(
    "offered",
    ["", "1234567", "a" * 129, "abc def 12", "abc\r\nSet-Cookie: a=b", "äöüäöüäöü", "<script>"],
)
def test_odd_request_id_is_replaced(api, offered):
    response = api.get("echo", headers={"X-Request-Id": offered})

    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-Id"])
    assert response.json()["data"]["request_id"] == response["X-Request-Id"]


@pytest.mark.req("BASE-05")
def test_every_request_has_an_id_of_its_own(api):
    assert api.get("echo")["X-Request-Id"] != api.get("echo")["X-Request-Id"]


@pytest.mark.req("BASE-05")
@pytest.mark.django_db
def test_audit_row_holds_the_request_id(api):
    api.post("audited", {}, headers={"X-Request-Id": "request-of-the-test"})

    assert [entry.request_id for entry in AuditEntry.objects.all()] == ["request-of-the-test"]


def chunked(body: bytes, **environ):
    return RequestFactory().generic(
        "POST",
        "/api/v1/echo",
        content_type="application/json",
        **{
            "HTTP_TRANSFER_ENCODING": "chunked",
            "CONTENT_LENGTH": "",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            **environ,
        },
    )


def guard(request):
    seen = []
    response = RequestGuardMiddleware(lambda passed: seen.append(passed.body) or "passed")(request)
    return response, seen


@pytest.mark.req("BASE-06")
def test_chunked_body_is_read():
    assert guard(chunked(b'{"name": "x"}')) == ("passed", [b'{"name": "x"}'])


@pytest.mark.req("BASE-06")
def test_chunked_body_over_the_limit_is_413(settings):
    response, seen = guard(chunked(b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)))

    assert (response.status_code, seen) == (413, [])


@pytest.mark.req("BASE-06")
def test_chunked_body_that_no_server_ends_is_400():
    response, seen = guard(chunked(b"{}", **{"wsgi.input_terminated": False}))

    assert (response.status_code, seen) == (400, [])


@pytest.mark.req("BASE-06")
def test_cookie_with_a_nul_is_malformed(api):
    response = api.post("private", {}, headers={"Cookie": r'session="\000abcdefgh"'})

    assert (response.status_code, response.json()["error"]["code"]) == (400, "MALFORMED_REQUEST")


@pytest.mark.req("BASE-06")
def test_file_over_the_limit_is_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    response = client.post("/api/v1/echo", {"name": io.BytesIO(b"x" * 1_000)})

    assert (response.status_code, response.json()["error"]["code"]) == (413, "REQUEST_TOO_LARGE")


@pytest.mark.req("BASE-06")
def test_answer_of_the_api_is_kept_nowhere(api):
    assert api.get("echo")["Cache-Control"] == "private, no-store"
