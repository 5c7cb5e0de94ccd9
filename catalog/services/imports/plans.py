"""What a batch of records would change, worked out against the rows that are there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from catalog.models import Book, Work
from catalog.services.imports.dated_prices import DatedAmount
from catalog.services.imports.facts import Putting
from catalog.services.imports.feeds import Wish
from catalog.services.imports.known import Known, Named, genres_meant, known_of, named_by
from catalog.services.imports.records import BookRecord
from catalog.services.imports.rejections import Rejected

COLUMNS = (
    *("title", "subtitle", "sort_title", "sort_author", "slug", "description", "price"),
    *("publisher_id", "published_on", "published_precision", "language", "format", "pages"),
    *("series_id", "series_number", "work_id", "attributes", "on_sale_on", "deleted_at"),
)
WITHDRAWN = Rejected("BOOK_WITHDRAWN", "The book was withdrawn from the catalogue.")
UNKNOWN = Rejected(
    "BOOK_UNKNOWN", "The record changes a book that is not in the catalogue, and has no title."
)


@dataclass(slots=True)
class Plan:
    """A record, its book as it shall be, and what of it has to be written.

    `credits`, `genres` and `dated` (prices) are None when they stay; `work` is a new or changed
    work. `before` is what the book was: its COLUMNS and, by their ids, `credits` and `genres`;
    empty for a new one. `notes` are codes of what is worth counting, `refusal` says why nothing is
    done.
    """

    record: BookRecord
    book: Book
    before: dict[str, Any] = field(default_factory=dict)
    is_changed: bool = False
    refusal: Rejected | None = None
    credits: list[tuple[int, str]] | None = None
    genres: set[int] | None = None
    dated: tuple[DatedAmount, ...] | None = None
    work: Work | None = None
    left_work: int | None = None
    is_reference_new: bool = False
    notes: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the book is not there yet."""
        return self.book.pk is None

    @property
    def is_leaving(self) -> bool:
        """Whether the record takes the book out of the catalogue."""
        return self.is_changed and self.record.terms.wish == Wish.WITHDRAW


def make_plans(
    records: Sequence[BookRecord], works: dict[str, Work], *, fills_gaps_only: bool = False
) -> list[Plan]:
    """Return a plan for each record; makes the people, publishers, series and genres they name.

    `works` holds the works of this file's `work` keys and is added to. Joins the caller's
    transaction; a constant number of statements.
    """
    known = known_of(records)
    named = named_by(records)
    for record in records:
        book = known.books.get(record.key)
        if record.work and book and book.deleted_at is None:
            works.setdefault(record.work, book.work)
    return [
        _plan(record, known, named, works, fills_gaps_only=fills_gaps_only) for record in records
    ]


def _plan(
    record: BookRecord,
    known: Known,
    named: Named,
    works: dict[str, Work],
    *,
    fills_gaps_only: bool,
) -> Plan:
    book = known.books.get(record.key) or Book(isbn13=record.isbn13)
    plan = Plan(record, book)
    if not plan.is_new:
        plan.before = {name: getattr(book, name) for name in COLUMNS} | {
            "credits": known.credits.get(book.pk, []),
            "genres": known.genres.get(book.pk, set()),
        }
    wish = record.terms.wish
    if wish == Wish.NOTHING:
        return plan
    if wish == Wish.WITHDRAW:
        _plan_withdrawal(plan, fills_gaps_only=fills_gaps_only)
        return plan
    plan.refusal = _refusal(plan)
    if plan.refusal:
        return plan
    if wish == Wish.UPDATE and plan.is_new:
        plan.notes.append("UPDATE_OF_UNKNOWN_BOOK")
    by_hand = known.by_hand.get(book.pk, set())
    _put(plan, Putting(book, record, by_hand, fills_gaps_only=fills_gaps_only), named)
    _put_prices(plan, known, fills_gaps_only=fills_gaps_only)
    _put_work(plan, works)
    reference = record.terms.reference
    plan.is_reference_new = bool(reference) and (
        plan.is_new or known.references.get(reference) != book.pk
    )
    plan.is_changed = _is_changed(plan)
    return plan


def _refusal(plan: Plan) -> Rejected | None:
    if plan.book.deleted_at is not None:
        return WITHDRAWN
    has_no_book = plan.is_new and not (plan.record.isbn13 and plan.record.title)
    return UNKNOWN if has_no_book else None


def _plan_withdrawal(plan: Plan, *, fills_gaps_only: bool) -> None:
    if plan.is_new:
        plan.notes.append("UNKNOWN_BOOK_DELETED")
    elif fills_gaps_only:
        plan.notes.append("DELETION_LEFT_OUT")
    elif plan.book.deleted_at is None:
        plan.book.deleted_at = timezone.now()
        plan.is_changed = True


def _put(plan: Plan, putting: Putting, named: Named) -> None:
    old_genres = plan.before.get("genres", set())
    putting.put_columns(named)
    plan.credits = putting.credits_for(named, plan.before.get("credits", []))
    plan.genres = putting.genres_for(genres_meant(plan.record, named), old_genres)
    if not named.genres.keys() >= set(plan.record.genres):
        plan.notes.append("GENRE_UNKNOWN")


def _put_prices(plan: Plan, known: Known, *, fills_gaps_only: bool) -> None:
    wanted = plan.record.dated_prices
    old = known.dated.get(plan.book.pk, set())
    keeps = fills_gaps_only and (old or plan.before.get("price") is not None)
    if wanted is not None and not keeps and set(wanted) != old:
        plan.dated = wanted


def _is_changed(plan: Plan) -> bool:
    return (
        plan.is_new
        or plan.credits is not None
        or plan.genres is not None
        or plan.dated is not None
        or plan.work is not None
        or any(plan.before[name] != getattr(plan.book, name) for name in COLUMNS)
    )


def _put_work(plan: Plan, works: dict[str, Work]) -> None:
    """Join the work of the record's key, or keep the book's own; a new one waits in the plan."""
    book, record = plan.book, plan.record
    shared = works.get(record.work) if record.work else None
    work = shared or (book.work if book.work_id else None)
    if work is None:
        work = Work(title=record.work_title or record.title)
        if record.work:
            works[record.work] = work
    if book.work_id and book.work_id != work.pk:
        plan.left_work = book.work_id
    year = record.first_published_year
    # Editions that share a work may disagree: then the first to speak is believed.
    if (
        year
        and work.first_published_year != year
        and not (record.work and work.first_published_year)
    ):
        work.first_published_year = year
        plan.work = work
    book.work = work
    if work.pk is None:
        plan.work = work
