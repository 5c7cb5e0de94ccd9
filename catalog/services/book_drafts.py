"""What staff say about a book, and putting it on the book's row and those around it.

`services.books` owns the transaction and the locks; everything here joins it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog import text
from catalog.enums import ContributorRole, DatePrecision
from catalog.models import Book, BookContributor, BookGenre, Genre, Work
from catalog.services import names
from catalog.validators import LONGEST_NAME, to_isbn13, validate_attributes
from core.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Somebody's part in a book, by name; people not known yet are made."""

    name: str
    role: str = ContributorRole.AUTHOR


@dataclass(frozen=True, kw_only=True)
class BookDraft:
    """The whole of what staff say about a book: what is left out is emptied.

    `isbn` may be an ISBN-10 or have hyphens. `publisher` and `series` are names; those not known
    yet are made. Of `published_on` only as much counts as `published_precision` says.
    `work_id` joins an edition to others; None means the book's own work (a new one at first).
    `first_published_year` is the work's; one that has a year keeps it when an edition joins.
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
    attributes: Mapping[str, str] = field(default_factory=dict)
    on_sale_on: date | None = None
    is_preorder_allowed: bool = False
    work_id: int | None = None
    first_published_year: int | None = None

    @property
    def isbn13(self) -> str:
        """The thirteen digits; raises `Invalid`."""
        try:
            return to_isbn13(self.isbn)
        except ValidationError as error:
            raise Invalid(fields={"isbn": error.messages}) from None


def draft_of(book: Book) -> BookDraft:
    """Return the draft that would leave a book as it is."""
    credits_ = book.credits.select_related("contributor").order_by("position", "pk")
    return BookDraft(
        isbn=book.isbn13,
        credits=tuple(Credit(name=row.contributor.name, role=row.role) for row in credits_),
        genre_ids=tuple(book.genre_links.order_by("pk").values_list("genre_id", flat=True)),
        publisher=book.publisher.name if book.publisher else "",
        series=book.series.name if book.series else "",
        first_published_year=book.work.first_published_year,
        **{name: getattr(book, name) for name in _COPIED},
    )


def fill(book: Book, draft: BookDraft) -> None:
    """Put the draft's facts on a book that is not saved yet, making names and works it needs.

    Raises `Invalid`.
    """
    for name in _COPIED:
        setattr(book, name, getattr(draft, name))
    book.isbn13 = draft.isbn13
    book.title = text.tidy(draft.title)
    book.subtitle = text.tidy(draft.subtitle)
    book.sort_title = text.sort_title_of(book.title, draft.language)[:_LONGEST_TITLE]
    book.slug = text.slug_of(book.title, otherwise="book")
    book.description = draft.description.strip()
    book.published_on = _as_known(draft.published_on, draft.published_precision)
    book.series_number = draft.series_number.strip()
    book.attributes = {text.tidy(name): text.tidy(said) for name, said in draft.attributes.items()}
    _refuse_senseless(book, draft)
    book.publisher = _only(names.ensure_publishers, draft.publisher)
    book.series = _only(names.ensure_series, draft.series)
    book.work = _work_for(book, draft)


def put_credits(book: Book, credits_: Iterable[Credit]) -> None:
    """Make the title page of a saved book say `credits_`; sets `sort_author`, raises `Invalid`."""
    wanted = list(dict.fromkeys((text.tidy(each.name), each.role) for each in credits_))
    if any(
        not name or len(name) > LONGEST_NAME or role not in ContributorRole for name, role in wanted
    ):
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


def put_genres(book: Book, genre_ids: Iterable[int]) -> None:
    """Make a saved book stand in these genres; raises `Invalid`.

    A withdrawn genre that it already stands in may stay; it cannot be put into one.
    """
    wanted = set(genre_ids)
    held = set(book.genre_links.values_list("genre_id", flat=True))
    added = wanted - held
    if Genre.objects.active().filter(pk__in=added).count() != len(added):
        raise Invalid(fields={"genres": [_("One of these genres does not exist.")]})
    book.genre_links.filter(genre_id__in=held - wanted).delete()
    BookGenre.objects.bulk_create(
        [BookGenre(book=book, genre_id=genre_id) for genre_id in sorted(added)],
        ignore_conflicts=True,
    )


def facts_of(book: Book) -> dict[str, Any]:
    """Return what the audit trail tells of a saved book, as JSON."""
    return {name: getattr(book, name) for name in _PLAIN_FACTS} | {
        "price": None if book.price is None else f"{book.price:.2f}",
        "published_on": book.published_on and book.published_on.isoformat(),
        "on_sale_on": book.on_sale_on and book.on_sale_on.isoformat(),
        "first_published_year": book.work.first_published_year,
        "credits": [list(row) for row in _credit_rows(book)],
        "genres": sorted(book.genre_links.values_list("genre_id", flat=True)),
    }


_LONGEST_TITLE = 500
_COPIED = (
    *("title", "subtitle", "description", "price", "published_on", "published_precision"),
    *("language", "format", "pages", "series_number", "attributes", "on_sale_on"),
    "is_preorder_allowed",
)
_PLAIN_FACTS = (
    *("isbn13", "title", "subtitle", "description", "published_precision", "language"),
    *("format", "pages", "series_number", "publisher_id", "series_id", "work_id"),
    *("attributes", "is_preorder_allowed"),
)


def _only(ensure: Any, name: str) -> Any:
    tidied = text.tidy(name)
    return ensure([tidied])[tidied] if tidied else None


def _as_known(day: date | None, precision: str) -> date | None:
    """Return a date with 1 for what is not known of it."""
    if day is None or precision == DatePrecision.DAY:
        return day
    return day.replace(day=1, month=1 if precision == DatePrecision.YEAR else day.month)


def _refuse_senseless(book: Book, draft: BookDraft) -> None:
    problems: dict[str, list[str]] = {}
    try:
        book.clean_fields(exclude=["work", "publisher", "series", "sort_title", "sort_author"])
    except ValidationError as error:
        problems = error.message_dict
    if book.price is not None and book.price < 0:
        problems["price"] = [_("A price cannot be negative.")]
    for name in ("publisher", "series"):
        if len(text.tidy(getattr(draft, name))) > LONGEST_NAME:
            problems[name] = [_("At most {0} characters.").format(LONGEST_NAME)]
    try:
        validate_attributes(book.attributes)
    except ValidationError as error:
        problems["attributes"] = error.messages
    if problems:
        raise Invalid(fields=problems)


def _work_for(book: Book, draft: BookDraft) -> Work:
    if draft.work_id is not None:
        work = Work.objects.filter(pk=draft.work_id).first()
        if work is None:
            raise Invalid(fields={"work_id": [_("There is no such work.")]})
    else:
        work = book.work if book.work_id else Work(title=book.title)
    joins = bool(work.pk) and work.pk != book.work_id
    if joins and work.first_published_year is not None:
        return work  # what the other editions say of their work stays
    if not work.pk or work.first_published_year != draft.first_published_year:
        work.first_published_year = draft.first_published_year
        work.save()
    return work


def _credit_rows(book: Book) -> list[tuple[int, str]]:
    return list(book.credits.order_by("position", "pk").values_list("contributor_id", "role"))
