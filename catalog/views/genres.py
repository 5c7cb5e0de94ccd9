"""Subjects: the index, and the books of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.forms.books import BookListForm
from catalog.selectors import genres as genre_selectors
from catalog.views.lists import list_context


@require_safe
def genres(request: HttpRequest) -> HttpResponse:
    """Every subject with what is below it."""
    return render(request, "catalog/genres.html", {"genres": genre_selectors.genre_tree()})


@require_safe
def genre(request: HttpRequest, slug: str) -> HttpResponse:
    """The books of a subject and of every subject below it."""
    found = genre_selectors.genre_page(slug)
    form = BookListForm(request.GET)
    context = list_context(request, form, form.query(genre=(str(found.genre.id),)))
    return render(request, "catalog/genre.html", context | {"found": found})
