"""What all public reads of the catalogue share: nobody signs in, and an ETag spares the body."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.envelope import list_envelope
from core.http.serializers import StrictSerializer
from core.pagination import Page, Window, read_window

WINDOW_PARAMETERS = ("page", "size", "limit", "offset")


@method_decorator(conditional_page, name="dispatch")
@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class CatalogueView(APIView):
    """Open to all for reading; writing takes whatever a subclass asks for.

    Reads look at no credentials, so a spent token never stands between a reader and the books.
    Answers carry an ETag of their body: prices and stock are in it, so it is always checked
    with us (`no-cache`), and 304 says that nothing changed.
    """

    def get_authenticators(self) -> Any:
        """Look for credentials only where something is written."""
        return [] if self._is_open() else super().get_authenticators()

    def get_permissions(self) -> Any:
        """Let everybody read."""
        return [AllowAny()] if self._is_open() else super().get_permissions()

    def _is_open(self) -> bool:
        # While the schema is described there is no request yet.
        method = getattr(self.request, "method", None) or "GET"
        # Who asks for what nobody can do here is told so (405), not asked who they are.
        return method in SAFE_METHODS or not hasattr(self, method.lower())


class NoFilters(StrictSerializer):
    """The parameters of lists that take none but the page."""


def read_list(
    query: QueryDict, filters: type[StrictSerializer], *, repeated: Sequence[str] = ()
) -> tuple[dict[str, Any], Window]:
    """Return a list's filters and page, both checked.

    Parameters without a value count as not given; `repeated` ones may come several times. Raises
    `Invalid` (page and size) and DRF's ValidationError, each naming the parameter.
    """
    window = read_window(query.dict())  # type: ignore[arg-type]
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
