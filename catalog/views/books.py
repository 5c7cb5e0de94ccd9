"""All books, and the short road to one by its number."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.forms.books import BookListForm
from catalog.selectors import books
from catalog.views.lists import list_context


@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Every book of the shop, a page at a time."""
    form = BookListForm(request.GET)
    return render(request, "catalog/browse.html", list_context(request, form, form.query()))


@require_safe
def by_isbn(request: HttpRequest, isbn: str) -> HttpResponse:
    """Lead to the book with this ISBN, in whatever spelling; 410 for a withdrawn one."""
    return HttpResponsePermanentRedirect(books.card_of_isbn(isbn).path)
