"""A book that somebody is about to change: it is there, not withdrawn, and as it was read."""

from collections.abc import Collection

from catalog import errors
from catalog.models import Book
from core import locks
from core.errors import StaleEdit


def lock_book(*, book_id: int, expected_versions: Collection[int] | None = None) -> Book:
    """Lock a book's row and return it as it is under the lock. Joins the caller's transaction.

    Raises `Busy` and what `refuse_unfit` raises.
    """
    return refuse_unfit(locks.lock_row(Book.objects.filter(pk=book_id)), book_id, expected_versions)


def refuse_unfit(
    book: Book | None, book_id: int, expected_versions: Collection[int] | None = None
) -> Book:
    """Return a book that may be changed; raise `BookNotFound`, `BookWithdrawn` or `StaleEdit`."""
    if book is None:
        raise errors.BookNotFound(book_id=book_id)
    if book.deleted_at is not None:
        raise errors.BookWithdrawn(book_id=book_id)
    refuse_stale(book, expected_versions)
    return book


def refuse_stale(book: Book, expected_versions: Collection[int] | None) -> None:
    """Raise `StaleEdit` unless the book is at one of the versions; None: any will do."""
    if expected_versions is not None and book.version not in expected_versions:
        raise StaleEdit(version=book.version)
