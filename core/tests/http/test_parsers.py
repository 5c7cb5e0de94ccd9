"""JSON that strangers send."""

import json
import time

import pytest

pytestmark = [pytest.mark.urls("core.tests.urls"), pytest.mark.req("BASE-06")]


def send(api, body: bytes, content_type: str = "application/json"):
    # `post` would encode the body by the charset of its type.
    return api.client.generic("POST", "/api/v1/echo", data=body, content_type=content_type)


MALFORMED = {
    "broken": b'{"name": ',
    "trailing comma": b'{"name": "x",}',
    "two values": b'{"name": "x"} {}',
    "hundred thousand brackets": b"[" * 100_000,
    "hundred thousand braces": b'{"a":' * 100_000,
    "deep and closed": b"[" * 33 + b"]" * 33,
    "brackets after a string": b'{"name": "'
    + b"[" * 50
    + b'", "x": '
    + b"[" * 40
    + b"]" * 40
    + b"}",
    "NUL": b'{"name": "a\\u0000b"}',
    "raw NUL": b'{"name": "a\x00b"}',
    "NUL in a key": b'{"na\\u0000me": "a"}',
    "NUL in a list": b'{"name": ["a\\u0000"]}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "lone low surrogate": b'{"name": "a\\udfffb"}',
    "surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "overlong UTF-8": b'{"name": "\xc0\x80"}',
    "byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "NaN": b'{"name": "x", "amount": NaN}',
    "Infinity": b'{"name": "x", "amount": Infinity}',
    "minus Infinity": b'{"name": "x", "amount": -Infinity}',
    "five thousand digits": b'{"name": "x", "amount": ' + b"9" * 5_000 + b"}",
    "key given twice": b'{"name": "x", "name": "y"}',
    "key given twice below": b'{"name": {"a": 1, "a": 2}}',
    "control character": b'{"name": "a\nb"}',
    "single quotes": b"{'name': 'x'}",
    "string without end": b'{"name": "' + b'\\"' * 200_000,
    "quotes only": b'"' * 400_001,
}


@pytest.mark.parametrize("name", MALFORMED)
def test_absurd_json_is_400(api, name):
    response = send(api, MALFORMED[name])

    assert response.status_code == 400, response.content[:300]
    error = response.json()["error"]
    assert error["code"] == "MALFORMED_REQUEST"
    assert error["details"].keys() <= {"reason"}


def test_number_beyond_floats_is_a_validation_error(api):
    response = send(api, b'{"name": "x", "amount": 1e999}')

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == ["amount"]


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-7", "bz2_codec", "zlib", "rot13", "idna", "latin-1", "nonsense"]
)
def test_other_charset_is_400(api, charset):
    response = send(api, b'{"name": "x"}', f"application/json; charset={charset}")

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "MALFORMED_REQUEST"


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "utf8"])
def test_utf8_by_name_is_read(api, charset):
    response = send(api, '{"name": "Čapek"}'.encode(), f"application/json; charset={charset}")

    assert response.status_code == 201
    assert response.json() == {"data": {"name": "Čapek"}}


@pytest.mark.parametrize(
    "text",
    ["\U0001f4d6", "\u202eabc", "a\u200db", "'\"<>{{}}${}", "[[[{{{", "\\u0041", "a\tb\r\nc"],
)
def test_odd_text_is_kept_as_it_is(api, text):
    response = send(api, json.dumps({"name": text}).encode())

    assert response.json() == {"data": {"name": text.strip()}}


def test_depth_at_the_limit_is_read(api):
    response = send(api, b'{"name": ' + b"[" * 31 + b"]" * 31 + b"}")

    assert response.json()["error"]["code"] == "VALIDATION_ERROR"


def test_brackets_in_strings_do_not_count(api):
    response = send(api, json.dumps({"name": "[" * 20, "x": "{[" * 500}).encode())

    assert response.json()["error"]["details"] == {"x": ["Unknown field."]}


def test_a_million_flat_brackets_are_read_quickly(api):
    body = b'{"name": "x", "y": [' + b"[]," * 300_000 + b"[]]}"
    started = time.perf_counter()
    response = send(api, body)

    assert response.json()["error"]["code"] == "VALIDATION_ERROR"
    assert time.perf_counter() - started < 2.0
