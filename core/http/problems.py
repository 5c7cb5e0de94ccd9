"""From refusals to answers: the one table of statuses, and the API's error envelope."""

from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.response import Response

from core import errors
from core.http.envelope import Envelope
from core.http.parsers import MalformedRequest, TooLarge
from core.request_context import current_request_id

# First match wins, so special kinds stand before the kind they belong to.
STATUSES: list[tuple[type[errors.DomainError], int]] = [
    (TooLarge, 413),
    (errors.RateLimited, 429),
    (errors.PaymentDeclined, 402),
    (errors.Invalid, 400),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Unavailable, 503),
]

_CODES = {
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
}


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
    """Return the Retry-After header of an error that has one."""
    retry_after = getattr(error, "retry_after", None)
    return {"Retry-After": str(retry_after)} if retry_after else {}


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn whatever an API view raised into the envelope; unknown exceptions stay unhandled."""
    if isinstance(exc, errors.DomainError):
        return _domain_response(exc)
    if isinstance(exc, Http404):
        return _plain_response(404, _("We could not find this."))
    if isinstance(exc, PermissionDenied):
        return _plain_response(403, _("You are not allowed to do this."))
    if isinstance(exc, RequestDataTooBig):
        return _domain_response(TooLarge())
    if isinstance(exc, (BadRequest, SuspiciousOperation)):
        return _domain_response(MalformedRequest(reason="it is malformed"))
    if isinstance(exc, drf.ParseError):
        return _domain_response(MalformedRequest(reason="it is not valid JSON"))
    if isinstance(exc, drf.ValidationError):
        body = error_body("VALIDATION_ERROR", str(errors.Invalid.sentence), _fields(exc.detail))
        return Response(body, status=400)
    if isinstance(exc, drf.APIException):
        return _drf_response(exc)
    return None


def json_problem(request: HttpRequest, status: int, message: str) -> JsonResponse:
    """Return the envelope for an answer made outside DRF's views (unknown path, crash)."""
    return JsonResponse(error_body(_CODES.get(status, "ERROR"), message), status=status)


def _domain_response(error: errors.DomainError) -> Response:
    details = error.details
    if isinstance(error, errors.Invalid) and "fields" in details:
        details = _fields(details["fields"])
    body = error_body(error.code, error.message, details)
    return Response(body, status=status_of(error), headers=retry_headers(error))


def _plain_response(status: int, message: str) -> Response:
    return Response(error_body(_CODES[status], message), status=status)


def _drf_response(exc: drf.APIException) -> Response:
    headers: dict[str, str] = {}
    if isinstance(exc, (drf.NotAuthenticated, drf.AuthenticationFailed)):
        # DRF asks the first authenticator, which may be absent on public endpoints.
        headers["WWW-Authenticate"] = "Bearer"
        status = 401
        named = getattr(exc.detail, "code", "")
        code = named if named.isupper() else "NOT_AUTHENTICATED"
    else:
        status = exc.status_code
        code = _CODES.get(status, "ERROR")
    return Response(error_body(code, str(exc.detail)), status=status, headers=headers)


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
