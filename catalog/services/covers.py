"""Pictures of covers: taken in, put on books, made ready for pages, cleared away.

A row of `Cover` is there before its first file and goes before its last, so every file in the media
storage has a row or a job that will remove it. Pictures are opened, and files written, outside
transactions. Books are locked before covers.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog import errors
from catalog.covers import files
from catalog.enums import CoverState
from catalog.gateways import pictures
from catalog.models import Book, Cover
from catalog.services import book_locks
from core import jobs, locks
from core.errors import Busy, Invalid
from core.services import audit

# A picture that nobody put on a book by then was not wanted.
KEPT_LOOSE = dt.timedelta(days=1)


def take_picture(*, file: IO[bytes], actor_id: uuid.UUID | None) -> Cover:
    """Keep a picture that somebody sent; it is PROCESSING and on no book yet.

    The file's name and what it says of itself count for nothing. Raises `BadImage`, and then
    nothing was kept. Never call it in a transaction. A job makes what pages show.
    """
    picture = pictures.clean(file)
    cover = Cover.objects.create(key=uuid.uuid4(), actor_id=actor_id)
    keep_master(cover=cover, picture=picture)
    return cover


def keep_master(*, cover: Cover, picture: pictures.Picture) -> None:
    """Store a clean picture as the cover's own and have it made ready, unless it was removed."""
    _store(cover, picture)
    with transaction.atomic():
        kept = Cover.objects.filter(pk=cover.pk).update(
            state=CoverState.PROCESSING, width=picture.width, height=picture.height
        )
        if kept:
            jobs.enqueue("catalog.make_renditions", cover_id=str(cover.pk))
    if not kept:
        remove_files(key=cover.key)


def put_on_book(
    *,
    book_id: int,
    cover_id: uuid.UUID,
    actor_id: uuid.UUID | None,
    expected_versions: Collection[int] | None = None,
) -> Cover:
    """Put a picture on a book in place of whatever was there; return it. Safe to repeat.

    Locks the book's row, then the covers'. Bumps the book's version; audit `cover.set`. The files
    of the picture before go after the commit. Raises `BookNotFound`, `BookWithdrawn`, `StaleEdit`,
    and `Invalid` for a picture that is refused, on another book or unknown.
    """
    with transaction.atomic():
        book = book_locks.lock_book(book_id=book_id, expected_versions=expected_versions)
        cover = locks.lock_row(Cover.objects.filter(pk=cover_id))
        if cover is None or cover.state == CoverState.REFUSED:
            raise Invalid(fields={"cover": [_("There is no such picture.")]})
        if cover.book_id == book_id:
            return cover
        if cover.book_id is not None:
            raise Invalid(fields={"cover": [_("This picture is on another book.")]})
        old = _take_off(book)
        cover.book = book
        cover.save(update_fields=["book"])
        _bump(book)
        _record(book, "cover.set", actor_id, old=old, new=cover)
    return cover


def remove_from_book(
    *,
    book_id: int,
    actor_id: uuid.UUID | None,
    expected_versions: Collection[int] | None = None,
) -> None:
    """Take the picture off a book, which has its drawn cover again.

    Locks the book's row, then the cover's. Bumps the book's version; audit `cover.removed`. The
    files go after the commit. Raises `BookNotFound`, `BookWithdrawn`, `StaleEdit`, `CoverNotFound`.
    """
    with transaction.atomic():
        book = book_locks.lock_book(book_id=book_id, expected_versions=expected_versions)
        old = _take_off(book)
        if old is None:
            raise errors.CoverNotFound(book_id=book_id)
        _bump(book)
        _record(book, "cover.removed", actor_id, old=old, new=None)


def remove_picture(*, cover_id: uuid.UUID, actor_id: uuid.UUID | None) -> None:
    """Forget a picture, on a book or on none. Safe to repeat.

    Locks, leaves and raises what `remove_from_book` does for one that is on a book.
    """
    with transaction.atomic():
        book_id = Cover.objects.filter(pk=cover_id).values_list("book_id", flat=True).first()
        if book_id is not None:
            remove_from_book(book_id=book_id, actor_id=actor_id)
            return
        loose = locks.lock_row(Cover.objects.filter(pk=cover_id, book=None))
        if loose is not None:
            _drop(loose)


def refuse_early(*, book_id: int, expected_versions: Collection[int] | None = None) -> None:
    """Raise what `put_on_book` would raise about the book, before a picture is read for nothing."""
    book = Book.objects.filter(pk=book_id).first()
    book_locks.refuse_unfit(book, book_id, expected_versions)


def make_renditions(*, cover_id: uuid.UUID) -> None:
    """Make what pages show of a picture that is PROCESSING; it is READY then. Safe to repeat.

    Locks the book's row, then the cover's, for the last step only, and bumps the book's version:
    its pages look different now. A picture that was removed meanwhile leaves nothing behind.
    """
    cover = Cover.objects.filter(pk=cover_id, state=CoverState.PROCESSING).first()
    if cover is None:
        return
    try:
        with default_storage.open(files.name_of(cover.key, files.MASTER)) as master:
            picture = pictures.renditions(master.read(), files.BUDGETS)
    except FileNotFoundError:
        if Cover.objects.filter(pk=cover_id).exists():
            raise
        return
    _store(cover, picture)
    if not _make_ready(cover):
        remove_files(key=cover.key)


def remove_files(*, key: uuid.UUID) -> None:
    """Delete every file of a cover whose row is gone. Safe to repeat."""
    for name in files.all_names(key):
        default_storage.delete(name)


def purge_loose() -> None:
    """Forget pictures that nobody put on a book within `KEPT_LOOSE`; their files follow."""
    old = Cover.objects.filter(book=None, created_at__lt=timezone.now() - KEPT_LOOSE)
    with transaction.atomic():
        for cover in locks.lock_rows(old, for_key_update=True, skip_locked=True):
            _drop(cover)


def refuse(*, cover_id: uuid.UUID, code: str) -> None:
    """Say for good why a picture was not taken; its book keeps the drawn cover."""
    Cover.objects.filter(pk=cover_id).update(state=CoverState.REFUSED, refusal=code)


def _make_ready(cover: Cover) -> bool:
    """Say that a cover is READY; False when it was removed meanwhile."""
    with transaction.atomic():
        book = locks.lock_row(Book.objects.filter(cover=cover.pk))
        now = locks.lock_row(Cover.objects.filter(pk=cover.pk))
        if now is None:
            return False
        if now.state != CoverState.PROCESSING:
            return True
        if now.book_id != (book and book.pk):
            raise Busy  # it was put on a book between the two locks: look again
        now.state = CoverState.READY
        now.save(update_fields=["state"])
        if book:
            _bump(book)
    return True


def _take_off(book: Book) -> Cover | None:
    old = locks.lock_row(Cover.objects.filter(book=book))
    if old is not None:
        _drop(old)
    return old


def _drop(cover: Cover) -> None:
    """Delete the row, and have its files deleted once that has committed."""
    jobs.enqueue("catalog.remove_cover_files", key=str(cover.key))
    Cover.objects.filter(pk=cover.pk).delete()


def _bump(book: Book) -> None:
    book.version += 1
    book.save(update_fields=["version", "updated_at"])


def _record(
    book: Book, action: str, actor_id: uuid.UUID | None, *, old: Cover | None, new: Cover | None
) -> None:
    audit.record_change(
        action=action,
        entity_type="book",
        entity_id=book.pk,
        actor_id=actor_id,
        old={"cover": str(old.pk)} if old else None,
        new={"cover": str(new.pk)} if new else None,
    )


def _store(cover: Cover, picture: pictures.Picture) -> None:
    """Write files under their names; what is there already has the same content."""
    for name, content in picture.files.items():
        wanted = files.name_of(cover.key, name)
        stored = default_storage.save(wanted, ContentFile(content))
        if stored != wanted:  # a storage that never overwrites put it beside the first
            default_storage.delete(stored)
