"""Which addresses take files, and how large.

Bodies end at `DATA_UPLOAD_MAX_MEMORY_SIZE` everywhere (413). A view that takes a file says so with
`takes_files`; then forms with files (multipart/form-data), and nothing else, may be larger there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from core.errors import DomainError
from core.http.parsers import TooLarge

_AROUND_FILES = 10_000  # bytes that a form writes around them


@dataclass(frozen=True)
class Limit:
    """The largest body in bytes, and what is said of a larger one."""

    most_bytes: int
    refusal: Callable[[], DomainError] = TooLarge


def takes_files[V](
    most_bytes: int, refusal: Callable[[], DomainError] = TooLarge
) -> Callable[[V], V]:
    """Let a view (a function or a class) take forms with files of up to `most_bytes` together."""

    def mark(view: V) -> V:
        view.upload_limit = Limit(most_bytes + _AROUND_FILES, refusal)  # type: ignore[attr-defined]
        return view

    return mark


def limit_of(request: HttpRequest) -> Limit:
    """Return what a request's body may weigh, before any view is asked."""
    usual = Limit(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if request.content_type != "multipart/form-data":
        return usual
    try:
        view: Any = resolve(request.path_info).func
    except Resolver404:
        return usual
    # A class of views stands behind the function that Django calls.
    found = getattr(view, "upload_limit", None) or getattr(
        getattr(view, "cls", None), "upload_limit", None
    )
    return cast("Limit | None", found) or usual
