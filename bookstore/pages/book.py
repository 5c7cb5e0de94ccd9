"""The page of one book."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookstore.pages import book_details, structured_data
from catalog.selectors import book_pages
from engagement.selectors import staff_picks

FEW = 3
MOST_AT_ONCE = 10


@require_safe
def book(request: HttpRequest, slug: str, book_id: int) -> HttpResponse:
    """One book: what it is, what it costs, where it is. An old address leads to the new one."""
    page = book_pages.book_page(book_id)
    if request.path != page.book.path:
        return HttpResponsePermanentRedirect(page.book.path)
    copies = page.book.stock_quantity
    context = {
        "page": page,
        "book": page.book,
        "others": [card for card in page.editions if card.id != book_id],
        "facts": book_details.facts_of(page),
        "quantities": range(1, min(copies, MOST_AT_ONCE) + 1),
        "is_few": 0 < copies <= FEW,
        "notes": staff_picks.notes_of_book(book_id),
        "preview": request.build_absolute_uri(page.book.preview_path),
        "structured": structured_data.of_book(page, request.build_absolute_uri),
    }
    return render(request, "pages/book.html", context)
