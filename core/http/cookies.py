"""Cookies that are decided on before there is an answer to put them into."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_WAITING = "core.http.cookies"


@dataclass(frozen=True)
class _Cookie:
    name: str
    value: str
    max_age: int


def name_of(word: str) -> str:
    """Return a cookie's name: with the prefix that ties it to this very host, where HTTPS is on."""
    return f"__Host-{word}" if settings.SESSION_COOKIE_SECURE else word


def set_later(request: HttpRequest, name: str, value: str, *, max_age: int) -> None:
    """Have the answer to `request` set a cookie that no script can read, for `max_age` seconds."""
    request.META.setdefault(_WAITING, []).append(_Cookie(name, value, max_age))


def set_waiting(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the cookies that views decided on into the answer."""
    for cookie in request.META.get(_WAITING, []):
        response.set_cookie(
            cookie.name,
            cookie.value,
            max_age=cookie.max_age,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
