"""Writing books by hand: the staff desk and the API. Feeds come through `services.imports`."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import errors
from catalog.enums import MovementReason
from catalog.models import Book, Branch, Work
from catalog.selectors import genres
from catalog.services import book_drafts, book_locks, cover_fetches, search_index, stock
from catalog.services.book_drafts import BookDraft
from catalog.services.cover_fetches import Choice
from core import locks
from core.caching import forget
from core.errors import Invalid
from core.services import audit


def save_book(
    *,
    draft: BookDraft,
    actor_id: uuid.UUID | None,
    book_id: int | None = None,
    expected_versions: Collection[int] | None = None,
) -> Book:
    """Create a book, or make the book `book_id` what the draft says; return it.

    Locks the book's row. Bumps its version, refreshes its search document and writes an audit row
    (`book.created`, `book.updated`, `book.restored`), unless the draft changes nothing. Creating
    with the ISBN of a withdrawn book brings that one back under its old id. Raises `Invalid`,
    `BookNotFound`, `BookWithdrawn`, `BookDuplicateIsbn`, and `StaleEdit` when the book is at none
    of `expected_versions`.
    """
    isbn13 = draft.isbn13
    with transaction.atomic():
        if book_id is None:
            return _write(_new_or_withdrawn(isbn13), draft, actor_id)
        return _write(
            book_locks.lock_book(book_id=book_id, expected_versions=expected_versions),
            draft,
            actor_id,
        )


def create_book(
    *,
    draft: BookDraft,
    stock_quantity: int | None,
    actor_id: uuid.UUID | None,
    cover: Choice | None = None,
) -> Book:
    """Create a book as `save_book` does, with copies in the warehouse and a cover.

    A withdrawn book that comes back keeps its stock and its cover unless others are given. Locks
    the warehouse's inventory row, the book's and its covers', in this order. Raises what
    `save_book`, `stock.set_quantity` and `cover_fetches.set_cover` raise.
    """
    isbn13 = draft.isbn13
    with transaction.atomic():
        known = Book.objects.filter(isbn13=isbn13).values_list("pk", "deleted_at").first()
        if known and known[1] and stock_quantity is not None:
            # Before the book's own lock: inventory rows come first, everywhere.
            _set_warehouse(known[0], stock_quantity, MovementReason.CORRECTION, actor_id)
        book = save_book(draft=draft, actor_id=actor_id)
        if known is None and stock_quantity:
            _set_warehouse(book.pk, stock_quantity, MovementReason.OPENING, actor_id)
        if cover:
            cover_fetches.set_cover(book_id=book.pk, choice=cover, actor_id=actor_id)
    return book


def change_book(
    *,
    book_id: int,
    changes: Mapping[str, Any],
    actor_id: uuid.UUID | None,
    expected_versions: Collection[int] | None = None,
    cover: Choice | None = None,
) -> Book:
    """Change some of a book's facts (names of `BookDraft`) and leave the others as they are.

    Reads the others under the book's lock, so that of two changes of different facts both stay.
    Locks, leaves and raises what `save_book` and, with a cover, `cover_fetches.set_cover` do.
    """
    with transaction.atomic():
        book = book_locks.lock_book(book_id=book_id, expected_versions=expected_versions)
        changed = _write(book, replace(book_drafts.draft_of(book), **changes), actor_id)
        if cover:
            cover_fetches.set_cover(book_id=book_id, choice=cover, actor_id=actor_id)
        return changed


def withdraw_book(
    *,
    book_id: int,
    actor_id: uuid.UUID | None,
    expected_versions: Collection[int] | None = None,
) -> bool:
    """Take a book out of the catalogue; old orders keep showing it. False if it was out already.

    Locks the book's row; audit `book.withdrawn`. Its stock and search document stay as they are.
    Raises `BookNotFound`, and `StaleEdit` when the book is at none of `expected_versions`.
    """
    return _switch(
        book_id, actor_id, action="book.withdrawn", withdrawn=True, expected=expected_versions
    )


def restore_book(*, book_id: int, actor_id: uuid.UUID | None) -> bool:
    """Bring a withdrawn book back under its old id. False if it was there already.

    Locks the book's row; audit `book.restored`. Raises `BookNotFound`.
    """
    return _switch(book_id, actor_id, action="book.restored", withdrawn=False)


def _switch(
    book_id: int,
    actor_id: uuid.UUID | None,
    *,
    action: str,
    withdrawn: bool,
    expected: Collection[int] | None = None,
) -> bool:
    with transaction.atomic():
        book = locks.lock_row(Book.objects.filter(pk=book_id))
        if book is None:
            raise errors.BookNotFound(book_id=book_id)
        if (book.deleted_at is not None) == withdrawn:
            return False
        book_locks.refuse_stale(book, expected)
        book.deleted_at = timezone.now() if withdrawn else None
        book.version += 1
        book.save(update_fields=["deleted_at", "version", "updated_at"])
        _record(book, action, actor_id, {"withdrawn": not withdrawn}, {"withdrawn": withdrawn})
        forget(genres.COUNTED)
    return True


def _new_or_withdrawn(isbn13: str) -> Book:
    """Return the locked withdrawn book with the ISBN, or an unsaved one when there is none."""
    namesake = locks.lock_row(Book.objects.filter(isbn13=isbn13))
    if namesake and namesake.deleted_at is None:
        raise _duplicate(namesake)
    return namesake or Book()


def _write(book: Book, draft: BookDraft, actor_id: uuid.UUID | None) -> Book:
    """Make a new or locked book what the draft says; see `save_book`."""
    action = _action_for(book)
    old = book_drafts.facts_of(book) if book.pk else None
    book_drafts.fill(book, draft)
    book.deleted_at = None
    book.version += 1 if old else 0
    if not book.pk:
        _store(book)  # its people and genres need an id
    book_drafts.put_credits(book, draft.credits)
    book_drafts.put_genres(book, draft.genre_ids)
    new = book_drafts.facts_of(book)
    if old == new and action == "book.updated":
        book.version -= 1
        return book
    _store(book)
    if old and old["work_id"] != book.work_id:
        Work.objects.filter(pk=old["work_id"], editions__isnull=True).delete()
    search_index.index_books([book.pk])
    _record(book, action, actor_id, old, new)
    return book


def _action_for(book: Book) -> str:
    if not book.pk:
        return "book.created"
    return "book.updated" if book.deleted_at is None else "book.restored"


def _store(book: Book) -> None:
    try:
        with transaction.atomic():
            book.save()
    except IntegrityError:
        namesake = Book.objects.filter(isbn13=book.isbn13).exclude(pk=book.pk).first()
        if namesake is None:
            raise
        raise _duplicate(namesake) from None


def _duplicate(book: Book) -> errors.BookDuplicateIsbn:
    return errors.BookDuplicateIsbn(
        isbn13=book.isbn13, book_id=book.pk, is_withdrawn=book.deleted_at is not None
    )


def _set_warehouse(
    book_id: int, quantity: int, reason: MovementReason, actor_id: uuid.UUID | None
) -> None:
    warehouse = Branch.objects.active().filter(is_warehouse=True).first()
    if warehouse is None:
        raise Invalid(fields={"stock_quantity": [_("There is no warehouse to put copies into.")]})
    stock.set_quantity(
        book_id=book_id,
        branch_id=warehouse.pk,
        quantity=quantity,
        actor_id=actor_id,
        reason=reason,
    )


def _record(
    book: Book,
    action: str,
    actor_id: uuid.UUID | None,
    old: dict[str, Any] | None,
    new: dict[str, Any],
) -> None:
    """Tell the audit trail what differs; of a new book everything."""
    changed = [name for name in new if old is None or old[name] != new[name]]
    audit.record_change(
        action=action,
        entity_type="book",
        entity_id=book.pk,
        actor_id=actor_id,
        old=old and {name: old[name] for name in changed},
        new={name: new[name] for name in changed},
    )
