"""Lists on the API: what every one may be asked for, and the envelope that it comes in."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.http.envelope import list_envelope
from core.http.serializers import StrictSerializer
from core.pagination import DEFAULT_SIZE, Page, Window, read_window

WINDOW_PARAMETERS = ("page", "size", "limit", "offset")


class NoFilters(StrictSerializer):
    """The parameters of lists that take none but the page."""


def read_list(
    query: QueryDict,
    filters: type[StrictSerializer] = NoFilters,
    *,
    repeated: Sequence[str] = (),
    default_size: int = DEFAULT_SIZE,
) -> tuple[dict[str, Any], Window]:
    """Return a list's filters and page, both checked.

    Parameters without a value count as not given; `repeated` ones may come several times. Raises
    `Invalid` (page and size) and DRF's ValidationError, each naming the parameter.
    """
    window = read_window(query.dict(), default_size=default_size)  # type: ignore[arg-type]
    data: dict[str, Any] = {}
    for name in query:
        values = [value for value in query.getlist(name) if value]
        if values and name not in WINDOW_PARAMETERS:
            data[name] = values if name in repeated else values[-1]
    serializer = filters(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data, window


def many(output: type[serializers.Serializer[Any]], items: list[Any]) -> list[Any]:
    """Return each item as `output` writes it."""
    return list(output(items, many=True).data)


def list_response(
    request: Request, page: Page[Any], output: type[serializers.Serializer[Any]]
) -> Response:
    """Return a page of a list in its envelope."""
    data = many(output, page.items)
    return Response(list_envelope(page, data, url=request.path, query=request.query_params))
