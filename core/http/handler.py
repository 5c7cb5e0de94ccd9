"""How requests come in from the WSGI server."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

UNREADABLE = "unreadable"


class UTF8Request(WSGIRequest):
    """A request that is read as UTF-8 whatever its Content-Type says.

    Django reads the query in the charset that is named there while it makes the request: before
    any middleware, where an exception finds nobody who could answer. The guard refuses others.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(
                meta.get("CONTENT_TYPE", "")
            )
        except ValueError:
            self.content_type, self.content_params = "", {"charset": UNREADABLE}


class ShopHandler(WSGIHandler):
    """Django's handler with our request."""

    request_class = UTF8Request
