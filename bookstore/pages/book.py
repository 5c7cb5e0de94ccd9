"""The page of one book."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def book(request: HttpRequest, slug: str, book_id: int) -> HttpResponse:
    """One book: what it is, what it costs, where it is."""
    from catalog.selectors import book_pages

    return render(request, "pages/book.html", {"page": book_pages.book_page(book_id)})
