"""Writing books by hand: the staff desk and the API. Feeds come through `services.imports`."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import errors, text
from catalog.enums import ContributorRole, DatePrecision
from catalog.models import Book, BookContributor, BookGenre, Genre, Work
from catalog.services import names, search_index
from catalog.validators import to_isbn13
from core import locks
from core.errors import Invalid
from core.services import audit


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Somebody's part in a book, by name; people not known yet are made."""

    name: str
    role: str = ContributorRole.AUTHOR


@dataclass(frozen=True, kw_only=True)
class BookDraft:
    """The whole of what staff say about a book: what is left out is emptied.

    `isbn` may be an ISBN-10 or have hyphens. `publisher` and `series` are names; those not known
    yet are made. `published_on` has 1 for the month or day that `published_precision` leaves out.
    `work_id` joins an edition to others; None means the book's own work (a new one at first).
    """

    isbn: str
    title: str
    subtitle: str = ""
    credits: tuple[Credit, ...] = ()
    genre_ids: tuple[int, ...] = ()
    price: Decimal | None = None
    description: str = ""
    publisher: str = ""
    published_on: date | None = None
    published_precision: str = DatePrecision.DAY
    language: str = ""
    format: str = ""
    pages: int | None = None
    series: str = ""
    series_number: str = ""
    work_id: int | None = None
    first_published_year: int | None = None


_PLAIN_FACTS = (
    *("isbn13", "title", "subtitle", "description", "published_precision", "language"),
    *("format", "pages", "series_number", "publisher_id", "series_id", "work_id"),
)


def save_book(*, draft: BookDraft, actor_id: uuid.UUID | None, book_id: int | None = None) -> Book:
    """Create a book, or make the book `book_id` what the draft says; return it.

    Locks the book's row. Bumps its version, refreshes its search document and writes an audit row
    (`book.created`, `book.updated`, `book.restored`), unless the draft changes nothing. Creating
    with the ISBN of a withdrawn book brings that one back under its old id. Raises `Invalid`,
    `BookNotFound`, `BookWithdrawn`, `BookDuplicateIsbn`.
    """
    isbn13 = _isbn_of(draft)
    with transaction.atomic():
        book = _book_to_write(book_id, isbn13)
        action = _action_for(book)
        old = _facts(book) if book.pk else None
        _fill(book, draft, isbn13)
        _put_credits(book, draft.credits)
        _put_genres(book, draft.genre_ids)
        new = _facts(book)
        if old == new and action == "book.updated":
            return book
        book.version += 1 if old else 0
        book.save()
        if old and old["work_id"] != book.work_id:
            Work.objects.filter(pk=old["work_id"], editions__isnull=True).delete()
        search_index.index_books([book.pk])
        _record(book, action, actor_id, old, new)
    return book


def withdraw_book(*, book_id: int, actor_id: uuid.UUID | None) -> None:
    """Take a book out of the catalogue; old orders keep showing it. Safe to repeat.

    Locks the book's row; audit `book.withdrawn`. Its stock and search document stay as they are.
    Raises `BookNotFound`.
    """
    _switch(book_id, actor_id, action="book.withdrawn", withdrawn=True)


def restore_book(*, book_id: int, actor_id: uuid.UUID | None) -> None:
    """Bring a withdrawn book back under its old id. Safe to repeat.

    Locks the book's row; audit `book.restored`. Raises `BookNotFound`.
    """
    _switch(book_id, actor_id, action="book.restored", withdrawn=False)


def _switch(book_id: int, actor_id: uuid.UUID | None, *, action: str, withdrawn: bool) -> None:
    with transaction.atomic():
        book = locks.lock_row(Book.objects.filter(pk=book_id))
        if book is None:
            raise errors.BookNotFound(book_id=book_id)
        if (book.deleted_at is not None) == withdrawn:
            return
        book.deleted_at = timezone.now() if withdrawn else None
        book.version += 1
        book.save(update_fields=["deleted_at", "version", "updated_at"])
        _record(book, action, actor_id, {"withdrawn": not withdrawn}, {"withdrawn": withdrawn})


def _isbn_of(draft: BookDraft) -> str:
    try:
        return to_isbn13(draft.isbn)
    except ValidationError as error:
        raise Invalid(fields={"isbn": error.messages}) from None


def _book_to_write(book_id: int | None, isbn13: str) -> Book:
    """Return the locked book, or an unsaved one when there is none with the ISBN."""
    namesake = locks.lock_row(Book.objects.filter(isbn13=isbn13))
    if book_id is None:
        if namesake and namesake.deleted_at is None:
            raise _duplicate(namesake)
        return namesake or Book(isbn13=isbn13)
    if namesake and namesake.pk != book_id:
        raise _duplicate(namesake)
    book = namesake or locks.lock_row(Book.objects.filter(pk=book_id))
    if book is None:
        raise errors.BookNotFound(book_id=book_id)
    if book.deleted_at is not None:
        raise errors.BookWithdrawn(book_id=book_id)
    return book


def _duplicate(book: Book) -> errors.BookDuplicateIsbn:
    return errors.BookDuplicateIsbn(
        isbn13=book.isbn13, book_id=book.pk, is_withdrawn=book.deleted_at is not None
    )


def _action_for(book: Book) -> str:
    if not book.pk:
        return "book.created"
    return "book.updated" if book.deleted_at is None else "book.restored"


def _fill(book: Book, draft: BookDraft, isbn13: str) -> None:
    """Put the draft's facts on the book and save a new one, so that it has an id."""
    book.isbn13 = isbn13
    book.title = text.tidy(draft.title)
    book.subtitle = text.tidy(draft.subtitle)
    book.sort_title = text.sort_title_of(book.title, draft.language)
    book.slug = text.slug_of(book.title, otherwise="book")
    book.description = draft.description.strip()
    book.price = draft.price
    book.published_on = draft.published_on
    book.published_precision = draft.published_precision
    book.language = draft.language
    book.format = draft.format
    book.pages = draft.pages
    book.series_number = draft.series_number.strip()
    book.deleted_at = None
    _refuse_senseless(book)
    book.publisher = _only(names.ensure_publishers, draft.publisher)
    book.series = _only(names.ensure_series, draft.series)
    book.work = _work_for(book, draft)
    if not book.pk:
        _insert(book)


def _only(ensure: Any, name: str) -> Any:
    tidied = text.tidy(name)
    return ensure([tidied])[tidied] if tidied else None


def _insert(book: Book) -> None:
    try:
        with transaction.atomic():
            book.save()
    except IntegrityError:
        # Somebody created the same ISBN after we looked.
        raise errors.BookDuplicateIsbn(isbn13=book.isbn13) from None


def _refuse_senseless(book: Book) -> None:
    problems: dict[str, list[str]] = {}
    try:
        book.clean_fields(exclude=["work", "publisher", "series", "sort_title", "sort_author"])
    except ValidationError as error:
        problems = error.message_dict
    if book.price is not None and book.price < 0:
        problems["price"] = [_("A price cannot be negative.")]
    if problems:
        raise Invalid(fields=problems)


def _work_for(book: Book, draft: BookDraft) -> Work:
    if draft.work_id is not None:
        work = Work.objects.filter(pk=draft.work_id).first()
        if work is None:
            raise Invalid(fields={"work_id": [_("There is no such work.")]})
    else:
        work = book.work if book.work_id else Work(title=book.title)
    if not work.pk or work.first_published_year != draft.first_published_year:
        work.first_published_year = draft.first_published_year
        work.save()
    return work


def _put_credits(book: Book, credits_: Iterable[Credit]) -> None:
    wanted = list(dict.fromkeys((text.tidy(each.name), each.role) for each in credits_))
    if any(not name or role not in ContributorRole for name, role in wanted):
        raise Invalid(fields={"authors": [_("Give everybody a name and a known role.")]})
    people = names.ensure_contributors(name for name, _role in wanted)
    ordered = sorted(wanted, key=lambda pair: pair[1] != ContributorRole.AUTHOR)
    book.sort_author = people[ordered[0][0]].sort_name if ordered else ""
    rows = [(people[name].pk, role) for name, role in wanted]
    if rows == _credit_rows(book):
        return
    book.credits.all().delete()
    BookContributor.objects.bulk_create(
        BookContributor(book=book, contributor_id=person, role=role, position=position)
        for position, (person, role) in enumerate(rows)
    )


def _put_genres(book: Book, genre_ids: Iterable[int]) -> None:
    wanted = set(genre_ids)
    if Genre.objects.active().filter(pk__in=wanted).count() != len(wanted):
        raise Invalid(fields={"genres": [_("One of these genres does not exist.")]})
    book.genre_links.exclude(genre_id__in=wanted).delete()
    BookGenre.objects.bulk_create(
        [BookGenre(book=book, genre_id=genre_id) for genre_id in sorted(wanted)],
        ignore_conflicts=True,
    )


def _credit_rows(book: Book) -> list[tuple[int, str]]:
    return list(book.credits.order_by("position", "pk").values_list("contributor_id", "role"))


def _facts(book: Book) -> dict[str, Any]:
    """What the audit trail tells of a book, as JSON."""
    return {name: getattr(book, name) for name in _PLAIN_FACTS} | {
        "price": None if book.price is None else f"{book.price:.2f}",
        "published_on": book.published_on and book.published_on.isoformat(),
        "first_published_year": book.work.first_published_year,
        "credits": [list(row) for row in _credit_rows(book)],
        "genres": sorted(book.genre_links.values_list("genre_id", flat=True)),
    }


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
