"""Parts of pages that are the same for everybody, remembered as they were rendered.

A part is kept under its ingredients: whatever of the database its text depends on, read anew for
each page. Equal ingredients make an equal text, so a remembered part is never old. Forms keep a
place for the token of whoever sees them, which is filled in last.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.caching import remembered


def parts(
    request: HttpRequest,
    template: str,
    names: Sequence[str],
    *,
    ingredients: object,
    context: Callable[[], dict[str, Any]],
) -> dict[str, SafeString]:
    """Return the named partials of a template, rendered.

    `ingredients` is all that they depend on but the language and the shop's own settings; its
    `repr` must tell it apart from any other. `context` is asked for only when a part is missing.
    """
    digest = hashlib.sha256(repr(ingredients).encode(errors="surrogatepass")).hexdigest()
    stem = f"part:{_release()}:{get_language()}:{template}:{digest}"

    def make(missing: list[str]) -> dict[str, str]:
        known = context() | {"csrf_token": _token_place()}
        return {
            key: render_to_string(f"{template}#{key.removeprefix(f'{stem}:')}", known)
            for key in missing
        }

    texts = remembered([f"{stem}:{name}" for name in names], make)
    return {name: _with_token(request, text) for name, text in zip(names, texts, strict=True)}


def _with_token(request: HttpRequest, text: str) -> SafeString:
    place = _token_place()
    return mark_safe(text.replace(place, get_token(request)) if place in text else text)  # noqa: S308


@cache
def _token_place() -> str:
    """What stands where a token goes: nothing that a text of the shop could contain."""
    return salted_hmac("core.http.parts", "token", algorithm="sha256").hexdigest()


@cache
def _release() -> str:
    """What this release renders with: its templates, its code, how it writes prices."""
    digest = hashlib.sha256(
        f"{settings.STORE_CURRENCY} {settings.STORE_NAME} {settings.MEDIA_URL}".encode()
    )
    for folder in ("templates", "bookstore", "catalog", "core", "engagement"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in {".html", ".py", ".mo"} and "tests" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
