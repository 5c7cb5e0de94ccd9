"""What every page with a list of books has in common."""

from typing import Any

from django.http import HttpRequest

from catalog.forms.books import BookListForm
from catalog.selectors import books
from catalog.selectors.book_filters import BookQuery
from catalog.views.shelves import shelf
from core.pagination import read_window

CARDS = 24


def list_context(request: HttpRequest, form: BookListForm, query: BookQuery) -> dict[str, Any]:
    """Return what templates/components/book_list.html needs: one page of books and its form.

    Raises `Invalid` and `PageNotFound`.
    """
    page = books.book_ids(query, read_window(request.GET, default_size=CARDS))
    return {
        "page": page,
        "shelf": shelf(request, page.items, level=3, first=True),
        "form": form,
        "sort": query.order,
        "formats": query.format,
        "in_stock": bool(query.in_stock),
        "is_filtered": bool(query.format or query.in_stock),
        "is_first": page.number == 1,
    }
