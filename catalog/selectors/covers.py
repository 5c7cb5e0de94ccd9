"""What a cover is drawn from, and where pictures of covers stand."""

import uuid
from dataclasses import dataclass

from catalog import covers, models
from catalog.enums import CoverState
from catalog.errors import BookNotFound, CoverNotFound
from catalog.models import Book
from catalog.selectors import books
from catalog.selectors.pictures import Picture


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


@dataclass(frozen=True)
class PictureState:
    """Where a picture stands; `cover_url` once it is READY."""

    id: uuid.UUID
    state: str
    refusal: str
    book_id: int | None
    cover_url: str | None


def cover_by_id(cover_id: uuid.UUID) -> PictureState:
    """Return where a picture stands; raise `CoverNotFound`."""
    cover = models.Cover.objects.filter(pk=cover_id).first()
    if cover is None:
        raise CoverNotFound
    url = Picture.of(cover).path if cover.state == CoverState.READY else None
    return PictureState(cover.pk, cover.state, cover.refusal, cover.book_id, url)
