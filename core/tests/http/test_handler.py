"""Requests whose Content-Type would break Django before any middleware looks at them."""

import json
from wsgiref.util import setup_testing_defaults

import pytest

from core.http.handler import ShopHandler

pytestmark = [pytest.mark.urls("core.tests.urls"), pytest.mark.django_db]


def answer_to(content_type, query="name=%C3%A9"):
    environ = {
        "PATH_INFO": "/api/v1/echo",
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "HTTP_HOST": "testserver",
    }
    setup_testing_defaults(environ)
    answered = []
    body = b"".join(ShopHandler()(environ, lambda status, headers: answered.append(status)))
    return int(answered[0][:3]), json.loads(body)


@pytest.mark.req("BASE-06")
@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=bz2_codec",
        "text/plain; charset=idna",
        "text/plain; charset=utf-8; charset=bz2_codec",
        "text/plain; charset*=utf-8''bz2_codec",
        "text/plain; charset*0=bz2; charset*1=_codec",
        "text/plain; charset*=unknown''utf-8",
        "multipart/form-data; boundary*=unknown''x",
        f"text/plain; a={'a' * 20_000}",
    ],
)
def test_odd_content_type_is_malformed(content_type):
    status, body = answer_to(content_type)

    assert (status, body["error"]["code"]) == (400, "MALFORMED_REQUEST")


@pytest.mark.req("BASE-06")
@pytest.mark.parametrize("content_type", ["", "text/plain; charset=UTF-8", "a/b; charset=us-ascii"])
def test_query_is_read_as_utf_8(content_type):
    status, body = answer_to(content_type)

    assert (status, body["data"]["query"]) == (200, {"name": ["é"]})


@pytest.mark.req("BASE-06")
def test_too_many_parameters_with_a_charset_are_malformed(settings):
    query = "&".join(["a"] * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))

    status, body = answer_to("text/plain; charset=utf-8", query)

    assert (status, body["error"]["code"]) == (400, "MALFORMED_REQUEST")
