"""If-Match and the tags that it compares."""

import pytest
from django.test import RequestFactory
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.http.parsers import MalformedRequest
from core.http.preconditions import expected_versions, tagged

pytestmark = pytest.mark.req("CATL-01")


def asked(said=None):
    headers = {} if said is None else {"If-Match": said}
    return Request(RequestFactory().put("/", headers=headers))


def rendered(version, data):
    response = tagged(Response(data), version)
    response.accepted_renderer, response.accepted_media_type = JSONRenderer(), "application/json"
    response.renderer_context = {}
    return response.render()


@pytest.mark.parametrize(
    ("said", "versions"),
    [
        (None, None),
        ("*", None),
        (" * ", None),
        ('"v7-0123456789abcdef0123"', {7}),
        ('"v7"', {7}),
        ('W/"v7-00"', {7}),
        ('"v7-00", W/"v8-00",, "v9"', {7, 8, 9}),
        ('"abc", "v7"', {7}),
        ('"abc"', set()),
        ('""', set()),
        ('"v7-x"', set()),
        ('"v12345678901"', set()),
    ],
)
def test_versions_that_a_header_names(said, versions):
    assert expected_versions(asked(said)) == versions


@pytest.mark.parametrize(
    "said", ["", ",", "v7", '"v7', '"a" "b"', 'w/"v7"', '"v٧"', '"v 7"', "*, *"]
)
def test_what_is_no_list_of_tags_is_malformed(said):
    with pytest.raises(MalformedRequest):
        expected_versions(asked(said))


def test_tag_changes_with_the_body_and_with_the_version():
    first, again = rendered(3, {"a": 1}), rendered(3, {"a": 1})
    assert first["ETag"] == again["ETag"]
    others = {rendered(3, {"a": 2})["ETag"], rendered(4, {"a": 1})["ETag"], first["ETag"]}
    assert len(others) == 3
    assert expected_versions(asked(first["ETag"])) == {3}
