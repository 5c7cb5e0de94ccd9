"""From refusals to answers: the one table of statuses, and the API's error envelope."""

from typing import Any

import structlog
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import (
    BadRequest,
    ObjectNotUpdated,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from psycopg import errors as pg
from rest_framework import exceptions as drf
from rest_framework.response import Response

from core import errors
from core.http.envelope import Envelope
from core.http.parsers import MalformedRequest, TooLarge, UnsupportedEncoding
from core.request_context import current_request_id

log = structlog.get_logger("request")

# First match wins, so special kinds stand before the kind they belong to.
STATUSES: list[tuple[type[errors.DomainError], int]] = [
    (TooLarge, 413),
    (UnsupportedEncoding, 415),
    (errors.RateLimited, 429),
    (errors.PaymentDeclined, 402),
    (errors.Invalid, 400),
    (errors.NotAuthenticated, 401),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.StaleEdit, 412),
    (errors.Unavailable, 503),
]

CODES = {
    400: "MALFORMED_REQUEST",
    401: "NOT_AUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "REQUEST_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "RATE_LIMITED",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
}

_CROWDED = (
    pg.LockNotAvailable,
    pg.DeadlockDetected,
    pg.SerializationFailure,
    pg.QueryCanceled,
)


def status_of(error: errors.DomainError) -> int:
    """Return the HTTP status of a refusal."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def error_body(code: str, message: str, details: dict[str, Any] | None = None) -> Envelope:
    """Return the error envelope with the request's id."""
    return Envelope(
        error={
            "code": code,
            "message": message,
            "details": details or {},
            "request_id": current_request_id(),
        }
    )


def retry_headers(error: errors.DomainError) -> dict[str, str]:
    """Return the headers that say when to try again, none for an error that does not say."""
    retry_after = getattr(error, "retry_after", None)
    if not retry_after:
        return {}
    headers = {"Retry-After": str(retry_after)}
    if isinstance(error, errors.RateLimited) and error.attempts:
        headers |= quota_headers(error.attempts, 0, error.retry_after)
    return headers


def quota_headers(attempts: int, remaining: int, reset: int) -> dict[str, str]:
    """Return the headers that tell how many attempts a limit allows, and still allows."""
    return {
        "RateLimit-Limit": str(attempts),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(reset),
    }


def outage_of(exc: Exception) -> errors.Unavailable | None:
    """Return what to tell people when the database is away or crowded, None for other exceptions.

    It is logged here with its traceback: an answer of 503 must not hide why.
    """
    if not isinstance(exc, (OperationalError, InterfaceError)):
        return None
    log.error("database unavailable", exc_info=exc)
    return errors.Busy() if isinstance(exc.__cause__, _CROWDED) else errors.Unavailable()


def race_of(exc: Exception) -> errors.Conflict | None:
    """Return what to tell whoever wrote to what was deleted that moment, None for all else.

    Deleting an account takes rows away from whatever its owner does elsewhere at the same time:
    signing in, adding to a cart. It is logged here, for a defect could look the same.
    """
    is_orphan = isinstance(exc, IntegrityError) and isinstance(
        exc.__cause__, pg.ForeignKeyViolation
    )
    if not is_orphan and not isinstance(exc, (ObjectNotUpdated, UpdateError)):
        return None
    log.warning("written to what was deleted meanwhile", exc_info=exc)
    return errors.DeletedMeanwhile()


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn whatever an API view raised into the envelope; unknown exceptions stay unhandled."""
    if isinstance(exc, drf.ValidationError):
        body = error_body("VALIDATION_ERROR", str(errors.Invalid.sentence), _fields(exc.detail))
        return Response(body, status=400)
    error = exc if isinstance(exc, errors.DomainError) else _as_domain_error(exc)
    if error is not None:
        return _domain_response(error)
    if isinstance(exc, drf.APIException):
        return _drf_response(exc)
    return None


def json_problem(request: HttpRequest, status: int, message: str) -> JsonResponse:
    """Return the envelope for an answer made outside DRF's views (unknown path, crash)."""
    return JsonResponse(error_body(CODES.get(status, "ERROR"), message), status=status)


def json_refusal(error: errors.DomainError) -> JsonResponse:
    """Return the envelope of a refusal made outside DRF's views (before any view is found)."""
    return JsonResponse(
        _error_body_of(error), status=status_of(error), headers=retry_headers(error)
    )


def _as_domain_error(exc: Exception) -> errors.DomainError | None:
    if isinstance(exc, Http404):
        return errors.NotFound()
    if isinstance(exc, PermissionDenied):
        return errors.NotAllowed()
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, UnreadablePostError):
        return MalformedRequest(reason=_("it ended too early"))
    if isinstance(exc, (BadRequest, SuspiciousOperation)):
        return MalformedRequest(reason=_("it is malformed"))
    if isinstance(exc, drf.ParseError):
        return MalformedRequest(reason=_("it is not valid JSON"))
    return outage_of(exc) or race_of(exc)


def _domain_response(error: errors.DomainError) -> Response:
    headers = retry_headers(error)
    if isinstance(error, errors.NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(_error_body_of(error), status=status_of(error), headers=headers)


def _error_body_of(error: errors.DomainError) -> Envelope:
    details = error.details
    if isinstance(error, errors.Invalid) and "fields" in details:
        details = _fields(details["fields"])
    return error_body(error.code, error.message, details)


def _drf_response(exc: drf.APIException) -> Response:
    headers: dict[str, str] = {}
    status = exc.status_code
    if isinstance(exc, (drf.NotAuthenticated, drf.AuthenticationFailed)):
        # DRF asks the first authenticator, which may be absent on public endpoints.
        headers["WWW-Authenticate"] = "Bearer"
        status = 401
    wait = getattr(exc, "wait", None)
    if wait:
        headers["Retry-After"] = str(int(wait) + 1)
    # Some libraries put a dict where DRF has a sentence.
    detail = exc.detail.get("detail", "") if isinstance(exc.detail, dict) else exc.detail
    named = getattr(detail, "code", "")
    ours = named if isinstance(named, str) and named.isupper() else CODES.get(status, "ERROR")
    return Response(error_body(ours, str(detail)), status=status, headers=headers)


def _fields(detail: Any) -> dict[str, Any]:
    if isinstance(detail, dict):
        return {
            str(field): _fields(value) if isinstance(value, dict) else _sentences(value)
            for field, value in detail.items()
        }
    return {"non_field_errors": _sentences(detail)}


def _sentences(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [_fields(item) if isinstance(item, dict) else str(item) for item in value]
    return [str(value)]
