"""A batch of records into the database, in a constant number of statements."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.db import DataError, IntegrityError, transaction

from catalog.models import Book, BookContributor, BookGenre, Work
from catalog.services import search_index
from catalog.services.imports.plans import COLUMNS, Plan, make_plans
from catalog.services.imports.records import BookRecord
from catalog.services.imports.rejections import Rejected
from core import locks
from core.services import audit

MOST_WORK_KEYS = 50_000
_UPSERTED = [*(name.removesuffix("_id") for name in COLUMNS), "version", "updated_at"]
WITHDRAWN = Rejected("BOOK_WITHDRAWN", "The book was withdrawn from the catalogue.")

type Outcome = Literal["imported", "updated", "unchanged"] | Rejected


@dataclass
class Writer:
    """Writes the batches of one run; remembers which work a file's `work` key means.

    The keys of the last 50,000 works are kept: editions of a work must not stand further apart.
    `fills_gaps_only` keeps every fact that a book has. `on_written` hears of the plans that changed
    something when they are written, in a dry run before they are taken back.
    """

    run_id: uuid.UUID
    actor_id: uuid.UUID | None
    dry_run: bool = False
    fills_gaps_only: bool = False
    on_written: Callable[[Sequence[Plan]], None] = lambda plans: None
    _works: dict[str, int] = field(default_factory=dict)

    def write(self, records: Sequence[BookRecord]) -> list[Outcome]:
        """Import or update these books; returns "imported", "updated", "unchanged" or why not.

        Each batch is a transaction of its own, with its search documents and an audit row, or joins
        the caller's, which may commit its place in the file with it. Locks the rows of books that
        change. No ISBN may come twice. A record that the database refuses takes no other with it:
        the batch is then written one by one.
        """
        try:
            return self._write(records)
        except (DataError, IntegrityError) as error:
            if len(records) == 1:
                reason = f"The database refused the row: {str(error).splitlines()[0]}"
                return [Rejected("ROW_REFUSED", reason)]
        return [outcome for record in records for outcome in self.write([record])]

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
            works = self._known_works(records)
            plans = make_plans(records, works)
            changed = [plan for plan in plans if plan.is_changed]
            held = [plan.book.pk for plan in changed if not plan.is_new]
            if held:
                # Somebody may have edited them since: look again under the lock.
                locks.lock_rows(Book.objects.filter(pk__in=held).only("pk"))
                works = self._known_works(records)
                plans = make_plans(records, works)
                changed = [plan for plan in plans if plan.is_changed]
            outcomes = [_outcome(plan) for plan in plans]
            if changed:
                _apply(changed)
                self._record(changed, outcomes)
                self.on_written(changed)
            transaction.set_rollback(self.dry_run)
        if not self.dry_run:
            self._remember(works)
        return outcomes

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


def _outcome(plan: Plan) -> Outcome:
    if plan.is_withdrawn:
        return WITHDRAWN
    if plan.is_new:
        return "imported"
    return "updated" if plan.is_changed else "unchanged"


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
    left = [plan.left_work for plan in plans if plan.left_work is not None]
    if left:
        Work.objects.filter(pk__in=left, editions__isnull=True).delete()
    search_index.index_books([plan.book.pk for plan in plans])


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
