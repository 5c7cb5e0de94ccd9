"""What happens around every request."""

import re
import time
from collections.abc import Callable
from urllib.parse import unquote

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csp import ContentSecurityPolicyMiddleware

from core.errors import DomainError
from core.http.pages import API_PREFIX, bad_request, is_api, problem_page
from core.request_context import begin_request

type GetResponse = Callable[[HttpRequest], HttpResponseBase]

log = structlog.get_logger("request")
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_READABLE_CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii"}
MOST_QUERY_CHARACTERS = 8_000


class RequestContextMiddleware:
    """Gives every request an id and one log line: route, status, milliseconds; no values."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = begin_request(request.headers.get("X-Request-Id"))
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.route if match else None,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


class ContentSecurityMiddleware(ContentSecurityPolicyMiddleware):
    """The strict policy everywhere; the staff desk's one under /admin/."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Choose the policy by path, then let Django write the header."""
        if request.path.startswith("/admin/") and not hasattr(response, "_csp_config"):
            response._csp_config = settings.STAFF_CSP  # type: ignore[attr-defined]
        return super().process_response(request, response)


class RequestGuardMiddleware:
    """Refuses what no door could store or read: NUL in the address, odd charsets, long queries.

    Also lets the API answer with and without a trailing slash.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "\x00" in unquote(query) or len(query) > MOST_QUERY_CHARACTERS:
            return bad_request(request)
        charset = _CHARSET.search(request.META.get("CONTENT_TYPE", ""))
        if charset and charset.group(1).lower() not in _READABLE_CHARSETS:
            return bad_request(request)
        if request.path_info.startswith(API_PREFIX) and request.path_info.endswith("/"):
            request.path_info = request.path_info.rstrip("/")
        return self.get_response(request)


class DomainErrorMiddleware:
    """Shows refusals that a page's view let through as a page with their status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Turn a `DomainError` into its page; the API has its own handler."""
        if isinstance(exception, DomainError) and not is_api(request):
            return problem_page(request, exception)
        return None
