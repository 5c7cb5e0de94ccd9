"""The one shape of every API answer: {"data": …}, with `pagination` beside it on lists."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from core.pagination import Page


class Envelope(dict[str, Any]):
    """An answer that already has its outer keys (`data`, `pagination`, `error`)."""


class EnvelopeRenderer(JSONRenderer):
    """Puts plain data under `data`; leaves an `Envelope` as it is."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the body in UTF-8, empty for answers without one (204)."""
        if data is None:
            return b""
        if not isinstance(data, Envelope):
            data = Envelope(data=data)
        return super().render(data, accepted_media_type, renderer_context)


class JSONOnly(BaseContentNegotiation):
    """The API speaks JSON whatever `Accept` says; a body in another type is 415."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """Return the parser for the request's content type, None when there is none."""
        content_type = (request.content_type or "").split(";")[0].strip().lower()
        return next((p for p in parsers if p.media_type == content_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        first = next(iter(renderers))
        return first, first.media_type


def list_envelope(page: Page[Any], data: list[Any], *, url: str, query: Any) -> Envelope:
    """Return the envelope of one page of a list; `query` is the request's QueryDict."""
    by_offset = "limit" in query or "offset" in query

    def link(pages_on: int) -> str:
        changed = query.copy()
        if by_offset:
            changed["offset"] = max(0, page.offset + pages_on * page.size)
            changed["limit"] = page.size
        else:
            changed["page"] = page.number + pages_on
        return f"{url}?{changed.urlencode()}"

    pagination: dict[str, Any] = {
        "page": page.number,
        "size": page.size,
        "total": page.total,
        "pages": page.pages,
        "next": link(1) if page.has_next else None,
        "previous": link(-1) if page.offset > 0 else None,
    }
    if not page.total_is_exact:
        pagination["total_is_exact"] = False
    if by_offset:
        pagination |= {"limit": page.size, "offset": page.offset}
    return Envelope(data=data, pagination=pagination)
