"""Shelves of books, as lists show them."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalog.selectors import book_versions, books
from core.http.parts import parts


def shelf(request: HttpRequest, ids: Sequence[int], *, level: int, first: bool) -> SafeString:
    """Return the shelf of these books (one query, two more when its text is not remembered)."""
    return parts(
        request,
        "components/book_shelf.html",
        ["shelf"],
        ingredients=(book_versions.versions_of(ids), level, first),
        context=lambda: {"cards": books.cards_by_ids(ids), "level": level, "first": first},
    )["shelf"]
