"""The yardstick: one primary-key read by the ORM, as little else as Django allows."""

from django.http import HttpRequest, HttpResponse  # noqa: TID251 - this file is a view
from django.urls import path

from catalog.models import Book


def one_book(request: HttpRequest, book_id: int) -> HttpResponse:
    """Answer with the title of a book."""
    title = Book.objects.values_list("title", flat=True).get(pk=book_id).encode()
    return HttpResponse(title, headers={"Content-Length": len(title)})


urlpatterns = [path("<int:book_id>/", one_book)]
