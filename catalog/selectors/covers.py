"""What a cover is drawn from."""

from dataclasses import dataclass

from catalog import covers
from catalog.errors import BookNotFound
from catalog.models import Book
from catalog.selectors import books


@dataclass(frozen=True)
class Cover:
    """A drawn cover; `key` is what its address carries while it is up to date."""

    key: str
    svg: str


def cover_of(book_id: int) -> Cover:
    """Draw a book's cover, withdrawn or not: old orders still show it. Raises `BookNotFound`."""
    cards = books.cards_even_withdrawn([book_id])
    if not cards:
        raise BookNotFound
    (card,) = cards
    edition = Book.objects.filter(work_id=card.work_id, id__lt=book_id).count()
    svg = covers.cover_svg(
        work_id=card.work_id, edition=edition, title=card.title, author=card.byline
    )
    return Cover(covers.key_of(card.work_id, card.title, card.byline), svg)
