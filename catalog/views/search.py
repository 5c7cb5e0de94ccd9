"""Search in words; an ISBN leads straight to its book."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.forms.books import SearchForm
from catalog.selectors import books, shelves
from catalog.selectors import search as search_selectors
from catalog.views.lists import list_context


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The books that a reader's words mean; without words or finds, ways on."""
    form = SearchForm(request.GET)
    words = form.data.get("q", "").strip()
    book_id = search_selectors.find_by_isbn(words)
    if book_id is not None:
        return HttpResponseRedirect(books.cards_by_ids([book_id])[0].path)
    context = {"query": words}
    if words:
        context |= list_context(request, form, form.query(text=words))
    if not words or not context["page"].items:
        context["subjects"] = shelves.subjects()
    return render(request, "catalog/search.html", context)
