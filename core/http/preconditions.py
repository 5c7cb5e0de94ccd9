"""Writes that hold only for what a client has read: `ETag` names a row's version, `If-Match` asks.

The tag of an answer is `"v7-<digest>"`: the row's version, and a digest of the whole body.
`If-None-Match` compares all of it, so a new stock or another's new name is a new answer.
`If-Match` compares only the version, so that a sale in between does not stand in an editor's way.
"""

import hashlib
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from core.http.parsers import MalformedRequest

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that was read: nothing is changed if the version has moved on",
)
STALE: dict[int, Any] = {412: OpenApiResponse(description="Changed since it was read")}

# A weak tag counts like a strong one: proxies that compress make ours weak, the version stays.
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_OURS = re.compile(r"v(\d{1,10})(?:-[0-9a-f]*)?", re.ASCII)


def tagged(response: Response, version: int) -> Response:
    """Return `response` so that it will carry the ETag of a row's version and of its own body."""
    response.add_post_render_callback(lambda done: _set_tag(done, version))
    return response


def expected_versions(request: Request) -> frozenset[int] | None:
    """Return the versions that `If-Match` names, None where any will do (`*`, or no header).

    Tags that are not ours are well-formed and match nothing. Raises `MalformedRequest`.
    """
    said = request.headers.get("If-Match")
    if said is None or said.strip() == "*":
        return None
    tags = [part.strip() for part in said.split(",")]
    found = [_TAG.fullmatch(tag) for tag in tags if tag]
    if not found or not all(found):
        raise MalformedRequest(reason=_("its If-Match holds no entity tags"))
    ours = [_OURS.fullmatch(match[1]) for match in found if match]
    return frozenset(int(match[1]) for match in ours if match)


def _set_tag(response: Response, version: int) -> None:
    digest = hashlib.blake2b(response.content, digest_size=10).hexdigest()
    response["ETag"] = f'"v{version}-{digest}"'
