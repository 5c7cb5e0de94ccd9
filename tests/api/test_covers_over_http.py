"""A picture's way through the running shop, its worker and out again: T070, T071."""

import json
import time
import urllib.error
import urllib.request

import pytest

from catalog.tests.pictures import HOSTILE, HTML, picture, with_everything

pytestmark = pytest.mark.req("CATL-07")
SECONDS_UNTIL_READY = 30
EDGE = "edge-of-the-form"


def send(shop, method, path, body=None, kind="application/json", token=""):
    """Return status, headers and body of an answer."""
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    address = path if path.startswith("/") else f"/api/v1/{path}"
    request = urllib.request.Request(f"{shop.url}{address}", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def form_of(data, name):
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    return f"{head}Content-Type: text/html\r\n\r\n".encode() + data + f"\r\n--{EDGE}--\r\n".encode()


@pytest.fixture(scope="module")
def token(live_shop):
    """A manager's access token."""
    who = {"email": "manager@example.com", "password": "bookstore-demo"}
    return json.loads(send(live_shop, "POST", "auth/login", json.dumps(who).encode())[2])["data"][
        "access"
    ]


def upload(shop, token, data, name="cover.html"):
    kind = f"multipart/form-data; boundary={EDGE}"
    return send(shop, "POST", "covers", form_of(data, name), kind, token)


def test_picture_comes_out_as_a_picture_and_nothing_else(live_shop, token):
    status, _headers, body = upload(live_shop, token, with_everything())
    assert status == 201
    cover = json.loads(body)["data"]
    until = time.monotonic() + SECONDS_UNTIL_READY
    while cover["state"] != "READY":
        assert time.monotonic() < until, cover
        time.sleep(0.1)
        cover = json.loads(send(live_shop, "GET", f"covers/{cover['id']}", token=token)[2])["data"]

    status, headers, body = send(live_shop, "GET", cover["cover_url"])
    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == 'inline; filename="cover-480.jpg"'
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert body.startswith(b"\xff\xd8\xff")
    assert HTML not in body
    master = cover["cover_url"].replace("480.jpg", "master.jpg")
    assert send(live_shop, "GET", master)[0] == 404


@pytest.mark.parametrize("name", ["50-megabytes.jpg", "60000x60000.png", "../../etc/x.png"])
def test_hostile_file_is_refused_at_the_real_door(name, live_shop, token):
    status, _headers, body = upload(live_shop, token, HOSTILE[name][0](), name)

    assert (status, json.loads(body)["error"]["code"]) == (400, "BAD_IMAGE")


def test_strangers_are_refused_whatever_they_send(live_shop):
    kind = f"multipart/form-data; boundary={EDGE}"
    assert send(live_shop, "POST", "covers", form_of(picture(), "x.jpg"), kind)[0] == 401
