"""What the requests are about: books, genres and stock of the measured shop."""

from dataclasses import dataclass

from catalog.models import Book, Branch, Genre, Inventory

MOST_BOOKS = 2_000
PLENTY = 20


@dataclass(frozen=True)
class Subjects:
    """Ids and addresses to choose from. `stocked_ids` are for sale with copies to spare."""

    book_ids: list[int]
    book_paths: list[str]
    stocked_ids: list[int]
    genres: list[str]
    warehouse_id: int


def choose_subjects() -> Subjects:
    """Look up what there is: books from all over the catalogue, genres that have books."""
    warehouse = Branch.objects.active().get(is_warehouse=True)
    books = list(Book.objects.listed().only("id", "slug").order_by("isbn13"))
    some = books[:: max(1, len(books) // MOST_BOOKS)][:MOST_BOOKS]
    stocked = Inventory.objects.filter(
        branch=warehouse, quantity__gte=PLENTY, book__price__gt=0, book__deleted_at=None
    )
    genres = Genre.objects.active().filter(book_links__book__deleted_at=None)
    return Subjects(
        book_ids=[book.pk for book in some],
        book_paths=[book.get_absolute_url() for book in some],
        stocked_ids=sorted(stocked.values_list("book_id", flat=True)),
        genres=sorted(genres.distinct().values_list("slug", flat=True)),
        warehouse_id=warehouse.pk,
    )
