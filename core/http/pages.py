"""The browser's side of errors: a page with the same status and words as the API's answer."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core import errors
from core.http.parsers import TooLarge
from core.http.problems import json_problem, json_refusal, retry_headers, status_of
from core.request_context import current_request_id

API_PREFIX = "/api/"


def is_api(request: HttpRequest) -> bool:
    """Whether the request came through the API's door."""
    return request.path.startswith(API_PREFIX)


def problem_page(request: HttpRequest, error: errors.DomainError) -> HttpResponse:
    """Return the page for a refusal that no form could show; 410 for what was withdrawn."""
    status = 410 if isinstance(error, errors.Gone) else status_of(error)
    response = render(
        request, "errors/problem.html", {"error": error, "status": status}, status=status
    )
    for name, value in retry_headers(error).items():
        response[name] = value
    return response


def refuse(request: HttpRequest, error: errors.DomainError) -> HttpResponse:
    """Answer a refusal made before or outside a view, for pages and API."""
    return json_refusal(error) if is_api(request) else problem_page(request, error)


def outage(request: HttpRequest, error: errors.Unavailable) -> HttpResponse:
    """503: the plain page that asks neither database nor session, with Retry-After."""
    response = render(request, "500.html", status=503)
    response["Retry-After"] = str(error.retry_after)
    return response


def form_status(error: errors.DomainError) -> int:
    """Return the status of a form shown again: 422 for bad input, else as on the API.

    Wrong credentials are bad input here: 401 would make the browser ask in its own way.
    """
    shown_again = (errors.Invalid, errors.NotAuthenticated)
    return 422 if isinstance(error, shown_again) else status_of(error)


def see_other(path: str) -> HttpResponse:
    """Return the answer to a form that was done: 303, so that reloading sends nothing again."""
    return HttpResponseRedirect(path, status=303)


def with_next(path: str, wanted: str) -> str:
    """Return `path` so that its form leads on to `wanted`, a page of this shop; "" for none."""
    return f"{path}?{urlencode({'next': wanted})}" if wanted else path


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400, or 413 for a body beyond the limit; for pages and API."""
    if isinstance(exception, RequestDataTooBig):
        return refuse(request, TooLarge())
    message = _("The request could not be read.")
    if is_api(request):
        return json_problem(request, 400, message)
    return render(request, "400.html", {"message": message}, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403, for pages and API."""
    message = _("You are not allowed to do this.")
    if is_api(request):
        return json_problem(request, 403, message)
    return render(request, "403.html", {"message": message}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404, for pages and API."""
    message = _("We could not find this.")
    if is_api(request):
        return json_problem(request, 404, message)
    words = [word for word in request.path.replace("-", " ").split("/") if not word.isdigit()]
    return render(request, "404.html", {"words": " ".join(words).strip()[:80]}, status=404)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500: nothing internal; the page needs neither database nor session."""
    if is_api(request):
        return json_problem(request, 500, _("Something went wrong on our side."))
    # No request: a context processor could need the very thing that is broken.
    page = render_to_string("500.html", {"request_id": current_request_id()})
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403 for a form whose token is missing or stale; says what to do about it."""
    if is_api(request):
        return json_problem(request, 403, _("The CSRF token is missing or stale."))
    return render(request, "errors/csrf.html", status=403)
