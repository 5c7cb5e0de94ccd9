"""The page of one book."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookstore.pages import book_details, structured_data
from catalog.selectors import book_pages
from catalog.selectors.book_pages import BookLook
from core.http.parts import parts
from engagement.selectors import staff_picks
from engagement.selectors.staff_picks import Note

FEW = 3
MOST_AT_ONCE = 10
_PARTS = ("title", "description", "head", "content")


@require_safe
def book(request: HttpRequest, slug: str, book_id: int) -> HttpResponse:
    """One book: what it is, what it costs, where it is. An old address leads to the new one."""
    seen = book_pages.look(book_id)
    if request.path != seen.record.path:
        return HttpResponsePermanentRedirect(seen.record.path)
    notes = staff_picks.notes_of_book(book_id)
    part = parts(
        request,
        "pages/book_parts.html",
        _PARTS,
        ingredients=(seen.ingredients, notes, request.build_absolute_uri("/")),
        context=lambda: _context(seen, notes, request.build_absolute_uri),
    )
    return render(request, "pages/book.html", {"part": part})


def _context(seen: BookLook, notes: list[Note], absolute: Callable[[str], str]) -> dict[str, Any]:
    page = book_pages.page_of(seen)
    copies = page.book.stock_quantity
    return {
        "page": page,
        "book": page.book,
        "others": [card for card in page.editions if card.id != page.book.id],
        "facts": book_details.facts_of(page),
        "quantities": range(1, min(copies, MOST_AT_ONCE) + 1),
        "is_few": 0 < copies <= FEW,
        "notes": notes,
        "origin": absolute("/").removesuffix("/"),
        "preview": absolute(page.book.preview_path),
        "structured": structured_data.of_book(page, absolute),
        "store_name": settings.STORE_NAME,
        "store_currency": settings.STORE_CURRENCY,
    }
