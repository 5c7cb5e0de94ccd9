"""Works: which editions belong together."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from catalog.errors import BookNotFound, WorkNotFound
from catalog.models import Book, Work
from core import locks
from core.errors import Invalid
from core.services import audit


def merge_works(*, work_id: int, into_id: int, actor_id: uuid.UUID | None) -> int:
    """Make all editions of a work editions of another and drop the empty one; return how many.

    The other keeps its title, and its year where it has one. Locks both works, then the rows of
    all their editions, whose versions it bumps; audit `work.merged`. Raises `WorkNotFound`, and
    `Invalid` for a work and itself.
    """
    if work_id == into_id:
        raise Invalid(fields={"into": [_("This is the same work.")]})
    with transaction.atomic():
        both = Work.objects.filter(pk__in=[work_id, into_id])
        # Of two merges that go against each other the second finds one work.
        works = {work.pk: work for work in locks.lock_rows(both, for_key_update=True)}
        if len(works) != len({work_id, into_id}):
            raise WorkNotFound
        gone, stays = works[work_id], works[into_id]
        books = locks.lock_rows(Book.objects.filter(work_id__in=[work_id, into_id]).only("work_id"))
        moved = [book.pk for book in books if book.work_id == work_id]
        Book.objects.filter(pk__in=moved).update(work=stays)
        _show_anew([book.pk for book in books])
        if stays.first_published_year is None and gone.first_published_year is not None:
            stays.first_published_year = gone.first_published_year
            stays.save(update_fields=["first_published_year"])
        gone.delete()
        audit.record_change(
            action="work.merged",
            entity_type="work",
            entity_id=into_id,
            actor_id=actor_id,
            new={"merged": work_id, "title": gone.title, "books": moved},
        )
    return len(moved)


def part_edition(*, book_id: int, actor_id: uuid.UUID | None) -> Work:
    """Give an edition a work of its own again; return it.

    Locks the rows of the editions that were together and bumps their versions; audit
    `book.updated`. Raises `BookNotFound`, and `Invalid` for the only edition of its work.
    """
    with transaction.atomic():
        here = Book.objects.filter(pk=book_id).values("work_id")
        books = locks.lock_rows(Book.objects.filter(work_id__in=here).select_related("work"))
        book = next((each for each in books if each.pk == book_id), None)
        if book is None:
            raise BookNotFound(book_id=book_id)
        if len(books) == 1:
            raise Invalid(fields={"work": [_("It is the only edition of its work already.")]})
        old = book.work
        own = Work.objects.create(title=book.title, first_published_year=old.first_published_year)
        Book.objects.filter(pk=book_id).update(work=own)
        _show_anew([each.pk for each in books])
        audit.record_change(
            action="book.updated",
            entity_type="book",
            entity_id=book_id,
            actor_id=actor_id,
            old={"work_id": old.pk},
            new={"work_id": own.pk},
        )
    return own


def _show_anew(book_ids: list[int]) -> None:
    """Each of these pages lists the others."""
    Book.objects.filter(pk__in=book_ids).update(version=F("version") + 1)
