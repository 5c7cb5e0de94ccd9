"""What happens around every request."""

import time
from collections.abc import Callable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import unquote

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.utils.translation import gettext as _

from core.errors import Busy, DomainError
from core.http import cookies, uploads
from core.http.pages import API_PREFIX, is_api, outage, problem_page, refuse
from core.http.parsers import MalformedRequest, UnsupportedEncoding
from core.http.problems import outage_of, quota_headers, race_of
from core.request_context import begin_request, noted_quota

type GetResponse = Callable[[HttpRequest], HttpResponseBase]

log = structlog.get_logger("request")
_READABLE_CHARSETS = {"utf-8", "utf8", "us-ascii", "ascii"}
MOST_QUERY_CHARACTERS = 8_000
MOST_LIMITS_DRAINED = 8
_PIECE = 64 * 1024


class RequestContextMiddleware:
    """Gives every request an id and one log line: route, status, milliseconds; no values.

    Answers of limited endpoints get the RateLimit headers of the limit with least left.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = begin_request(request.headers.get("X-Request-Id"))
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        _tell_quota(response)
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.route if match else None,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


def _tell_quota(response: HttpResponseBase) -> None:
    quota = noted_quota()
    if quota is None or "RateLimit-Limit" in response:  # a refusal tells of its own limit
        return
    for name, value in quota_headers(quota.attempts, quota.remaining, quota.reset).items():
        response[name] = value
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.setdefault("Retry-After", str(quota.reset))


class ContentSecurityMiddleware(ContentSecurityPolicyMiddleware):
    """The strict policy everywhere; the staff desk's one under /admin/; pictures do nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Choose the policy by kind and path, then let Django write the header."""
        if response.get("Content-Type", "").startswith("image/"):
            response._csp_config = settings.PICTURE_CSP  # type: ignore[attr-defined]
        elif request.path.startswith("/admin/") and not hasattr(response, "_csp_config"):
            response._csp_config = settings.STAFF_CSP  # type: ignore[attr-defined]
        return super().process_response(request, response)


class PrivatePagesMiddleware:
    """Keeps answers out of shared caches, and browsers from showing yesterday's price unasked.

    What the API says of somebody is not kept at all. A view that says otherwise is left alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        kind = response.get("Content-Type", "")
        if kind.startswith("text/html"):
            response.setdefault("Cache-Control", "private, no-cache")
        elif kind == "application/json":
            response.setdefault("Cache-Control", "private, no-store")
        return response


class LateCookiesMiddleware:
    """Sets the cookies that views asked for before there was an answer (`core.http.cookies`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        cookies.set_waiting(request, response)
        return response


class RequestGuardMiddleware:
    """Refuses what no door could store or read, before anything else looks at it.

    NUL in the address or a cookie, odd charsets, long queries, packed bodies, bodies over the
    limit. Reads chunked bodies up to the limit, which Django would take for empty. Lets the API
    answer with a trailing slash too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(API_PREFIX) and request.path_info.endswith("/"):
            request.path_info = request.path_info.rstrip("/")
        if error := _unreadable(request) or _too_large(request):
            return refuse(request, error)
        if "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            return self.get_response(request)
        # Beyond what any body may weigh it lies on the disk: nobody knows yet who sends it.
        with SpooledTemporaryFile(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) as body:
            if error := _read_chunked_body(request, body):
                return refuse(request, error)
            return self.get_response(request)


def _unreadable(request: HttpRequest) -> DomainError | None:
    query = request.META.get("QUERY_STRING", "")
    if "\x00" in request.path or "\x00" in unquote(query):
        return MalformedRequest(reason=_("its address holds a NUL"))
    if len(query) > MOST_QUERY_CHARACTERS:
        return MalformedRequest(reason=_("its query is too long"))
    if any("\x00" in value for value in request.COOKIES.values()):
        return MalformedRequest(reason=_("a cookie holds a NUL"))
    charset = (request.content_params or {}).get("charset", "utf-8")
    if charset.lower() not in _READABLE_CHARSETS:
        return MalformedRequest(reason=_("it is not UTF-8"))
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity":
        return UnsupportedEncoding()
    return None


def _too_large(request: HttpRequest) -> DomainError | None:
    """Refuse what is over the limit; Django would write files of any size to the disk."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() else 0
    limit = uploads.limit_of(request)
    if size <= limit.most_bytes:
        return None
    # A connection closed on a client that is still sending loses the answer on its way.
    if size <= limit.most_bytes * MOST_LIMITS_DRAINED:
        while request.read(_PIECE):
            pass
    return limit.refusal()


def _read_chunked_body(request: HttpRequest, body: IO[bytes]) -> DomainError | None:
    if not request.META.get("wsgi.input_terminated"):
        return MalformedRequest(reason=_("its length is not known"))
    limit = uploads.limit_of(request)
    source = request.META["wsgi.input"]
    while piece := source.read(min(_PIECE, limit.most_bytes + 1 - body.tell())):
        body.write(piece)
    size = body.tell()
    if size > limit.most_bytes:
        for _piece in range(limit.most_bytes * MOST_LIMITS_DRAINED // _PIECE):
            if not source.read(_PIECE):
                break
        return limit.refusal()
    body.seek(0)
    request.META["CONTENT_LENGTH"] = str(size)
    request._stream = body  # type: ignore[attr-defined, assignment]
    return None


class DomainErrorMiddleware:
    """Shows refusals that a page's view let through as a page with their status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Turn a refusal or an outage into its page; the API has its own handler."""
        if is_api(request):
            return None
        if isinstance(exception, DomainError):
            return problem_page(request, exception)
        error = outage_of(exception)
        shown = error if isinstance(error, Busy) else race_of(exception)
        if shown:
            return problem_page(request, shown)
        return outage(request, error) if error else None
