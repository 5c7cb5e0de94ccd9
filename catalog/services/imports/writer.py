"""A batch of records into the database, in a constant number of statements."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from django.db import DataError, IntegrityError, transaction

from catalog.models import Book, BookContributor, BookGenre, DatedPrice, FeedRecord, Work
from catalog.services import search_index
from catalog.services.imports.plans import COLUMNS, Plan, make_plans
from catalog.services.imports.records import BookRecord
from catalog.services.imports.rejections import Rejected
from core import locks
from core.services import audit

MOST_WORK_KEYS = 50_000
_UPSERTED = [*(name.removesuffix("_id") for name in COLUMNS), "version", "updated_at"]

type Outcome = Literal["imported", "updated", "unchanged"] | Rejected


@dataclass
class Writer:
    """Writes the batches of one run; remembers which work a file's `work` key means.

    The keys of the last 50,000 works are kept: editions of a work must not stand further apart.
    `fills_gaps_only` keeps every fact that a book has. `on_written` hears of the plans that changed
    something when they are written, in a dry run before they are taken back; `on_note` of codes of
    what is worth counting and was no rejection.
    """

    run_id: uuid.UUID
    actor_id: uuid.UUID | None
    dry_run: bool = False
    fills_gaps_only: bool = False
    on_written: Callable[[Sequence[Plan]], None] = lambda plans: None
    on_note: Callable[[str], None] = lambda code: None
    _works: dict[str, int] = field(default_factory=dict)

    def write(self, records: Sequence[BookRecord]) -> list[Outcome]:
        """Import or update these books; returns "imported", "updated", "unchanged" or why not.

        Each batch is a transaction of its own, with its search documents and an audit row, or joins
        the caller's, which may commit its place in the file with it. Locks the rows of books that
        change. No key may come twice. A record that the database refuses takes no other with it:
        the batch is then written one by one. Records that go by a feed's reference alone take
        turns with the others, so that they find the books that came before them.
        """
        turns = groupby(records, key=lambda record: bool(record.isbn13))
        return [outcome for _kind, turn in turns for outcome in self._write_turn(list(turn))]

    def _write_turn(self, records: Sequence[BookRecord]) -> list[Outcome]:
        try:
            return self._write(records)
        except (DataError, IntegrityError) as error:
            if len(records) == 1:
                reason = f"The database refused the row: {str(error).splitlines()[0]}"
                return [Rejected("ROW_REFUSED", reason)]
        return [outcome for record in records for outcome in self._write_turn([record])]

    def recall_works(self, isbn_of_work: Mapping[str, str]) -> None:
        """Learn again which works the keys of a file mean, from books that came in with them.

        For a run that goes on where another was stopped.
        """
        isbns = list(isbn_of_work.values())
        found = Book.objects.filter(isbn13__in=isbns, deleted_at__isnull=True)
        works = dict(found.values_list("isbn13", "work_id"))
        for key, isbn13 in isbn_of_work.items():
            if isbn13 in works:
                self._works[key] = works[isbn13]

    def _write(self, records: Sequence[BookRecord]) -> list[Outcome]:
        with transaction.atomic():
            works, plans = self._plans(records)
            changed = [plan for plan in plans if plan.is_changed]
            held = [plan.book.pk for plan in changed if not plan.is_new]
            if held:
                # Somebody may have edited them since: look again under the lock.
                locks.lock_rows(Book.objects.filter(pk__in=held).only("pk"))
                works, plans = self._plans(records)
                changed = [plan for plan in plans if plan.is_changed]
            outcomes = [_outcome(plan) for plan in plans]
            if changed:
                _apply(changed)
                self._record(changed, outcomes)
                self.on_written(changed)
            _write_references(plans)
            transaction.set_rollback(self.dry_run)
        if not self.dry_run:
            self._remember(works)
        for note in (note for plan in plans for note in plan.notes):
            self.on_note(note)
        return outcomes

    def _plans(self, records: Sequence[BookRecord]) -> tuple[dict[str, Work], list[Plan]]:
        works = self._known_works(records)
        return works, make_plans(records, works, fills_gaps_only=self.fills_gaps_only)

    def _known_works(self, records: Sequence[BookRecord]) -> dict[str, Work]:
        ids = {
            record.work: self._works[record.work]
            for record in records
            if record.work in self._works
        }
        found = Work.objects.in_bulk(set(ids.values())) if ids else {}
        return {key: found[pk] for key, pk in ids.items() if pk in found}

    def _remember(self, works: dict[str, Work]) -> None:
        for key, work in works.items():
            if work.pk is not None:
                self._works[key] = work.pk
        for key in list(self._works)[: max(0, len(self._works) - MOST_WORK_KEYS)]:
            del self._works[key]

    def _record(self, changed: list[Plan], outcomes: list[Outcome]) -> None:
        audit.record_change(
            action="catalogue.imported",
            entity_type="import",
            entity_id=self.run_id,
            actor_id=self.actor_id,
            new={"book_ids": [plan.book.pk for plan in changed]},
            context={name: outcomes.count(name) for name in ("imported", "updated")},
        )
        audit.record_changes(
            (
                audit.Change(
                    entity_id=plan.book.pk,
                    old={"withdrawn": False},
                    new={"withdrawn": True},
                    context={"import": str(self.run_id)},
                )
                for plan in changed
                if plan.is_leaving
            ),
            action="book.withdrawn",
            entity_type="book",
            actor_id=self.actor_id,
        )


def _outcome(plan: Plan) -> Outcome:
    if plan.refusal:
        return plan.refusal
    if not plan.is_changed:
        return "unchanged"
    return "updated" if plan.before else "imported"


def _apply(plans: list[Plan]) -> None:
    _write_works(plans)
    for plan in plans:
        plan.book.work_id = plan.book.work.pk
        plan.book.version += 0 if plan.is_new else 1
    Book.objects.bulk_create(
        [plan.book for plan in plans],
        update_conflicts=True,
        unique_fields=["isbn13"],
        update_fields=_UPSERTED,
    )
    _write_credits([plan for plan in plans if plan.credits is not None])
    _write_genres([plan for plan in plans if plan.genres is not None])
    _write_prices([plan for plan in plans if plan.dated is not None])
    left = [plan.left_work for plan in plans if plan.left_work is not None]
    if left:
        Work.objects.filter(pk__in=left, editions__isnull=True).delete()
    search_index.index_books([plan.book.pk for plan in plans if not plan.is_leaving])


def _write_works(plans: list[Plan]) -> None:
    works = list({id(plan.work): plan.work for plan in plans if plan.work is not None}.values())
    known = [work for work in works if work.pk is not None]
    Work.objects.bulk_create([work for work in works if work.pk is None])
    if known:
        Work.objects.bulk_update(known, ["first_published_year"])


def _write_credits(plans: list[Plan]) -> None:
    BookContributor.objects.filter(book_id__in=[plan.book.pk for plan in plans]).delete()
    BookContributor.objects.bulk_create(
        BookContributor(book_id=plan.book.pk, contributor_id=person, role=role, position=position)
        for plan in plans
        for position, (person, role) in enumerate(plan.credits or [])
    )


def _write_genres(plans: list[Plan]) -> None:
    BookGenre.objects.filter(book_id__in=[plan.book.pk for plan in plans]).delete()
    BookGenre.objects.bulk_create(
        BookGenre(book_id=plan.book.pk, genre_id=genre_id)
        for plan in plans
        for genre_id in sorted(plan.genres or ())
    )


def _write_prices(plans: list[Plan]) -> None:
    DatedPrice.objects.filter(book_id__in=[plan.book.pk for plan in plans]).delete()
    DatedPrice.objects.bulk_create(
        DatedPrice(book_id=plan.book.pk, **price._asdict())
        for plan in plans
        for price in plan.dated or ()
    )


def _write_references(plans: list[Plan]) -> None:
    """Remember what a feed calls its books; of two that were called the same the last counts."""
    books = {plan.record.terms.reference: plan.book.pk for plan in plans if plan.is_reference_new}
    FeedRecord.objects.bulk_create(
        [FeedRecord(reference=name, book_id=book_id) for name, book_id in books.items()],
        update_conflicts=True,
        unique_fields=["reference"],
        update_fields=["book"],
    )
