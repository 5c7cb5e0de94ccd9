"""Price edits: many prices changed by one rule, as one thing that can be undone.

Locks: the edit's row, then rows of books by primary key, a batch at a time (docs/locking.md).
"""

import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from catalog import errors
from catalog.models import Book, PriceChange, PriceEdit
from catalog.selectors.prices import PricePlan
from core import locks
from core.services import audit

BATCH = 500


@dataclass(frozen=True)
class Outcome:
    """How an edit or its undoing went: books changed, and ids of books left as they were."""

    edit_id: uuid.UUID
    changed: int
    left_alone: list[int]


def apply_plan(*, plan: PricePlan, fingerprint: str, actor_id: uuid.UUID | None) -> Outcome:
    """Give the plan's books their new prices; the edit can be undone as a whole.

    `fingerprint` is that of the plan somebody looked at: when this one differs, nothing is done and
    `PricesChangedMeanwhile` is raised. Each batch of `BATCH` books is one transaction that locks
    them, leaves alone those whose price is no longer the plan's, raises their versions and writes
    a `book.repriced` audit row each. An interrupted edit is whole batches, which can be undone; its
    rule says nothing of how many books it `changed`.
    """
    if plan.fingerprint != fingerprint:
        raise errors.PricesChangedMeanwhile
    with transaction.atomic():
        edit = PriceEdit.objects.create(rule=plan.rule.as_json(), actor_id=actor_id)
        _record_edit(edit, "price_edit.applied", actor_id)
    left_alone: list[int] = []
    for batch in itertools.batched(plan.changes, BATCH):
        with transaction.atomic():
            wanted = {each.book_id: (each.old, each.new) for each in batch}
            done = _reprice(edit, wanted, actor_id)
            PriceChange.objects.bulk_create(
                PriceChange(edit=edit, book_id=pk, old_price=wanted[pk][0], new_price=wanted[pk][1])
                for pk in sorted(done)
            )
        left_alone += sorted(wanted.keys() - done)
    changed = len(plan.changes) - len(left_alone)
    PriceEdit.objects.filter(pk=edit.pk).update(rule=edit.rule | {"changed": changed})
    return Outcome(edit.pk, changed, left_alone)


def undo(*, edit_id: uuid.UUID, actor_id: uuid.UUID | None) -> Outcome:
    """Give every book its price back that still has the one that the edit gave it.

    The others have been priced anew since and are left alone. In batches like `apply_plan`; one
    that was interrupted can be undone again. Raises `PriceEditNotFound`, `PriceEditUndone`.
    """
    left_alone: list[int] = []
    changed, after = 0, 0
    while True:
        with transaction.atomic():
            edit = locks.lock_row(PriceEdit.objects.filter(pk=edit_id))
            if edit is None:
                raise errors.PriceEditNotFound
            if edit.undone_at is not None:
                raise errors.PriceEditUndone
            rows = list(edit.changes.filter(book_id__gt=after).order_by("book_id")[:BATCH])
            if not rows:
                edit.undone_at = timezone.now()
                edit.save(update_fields=["undone_at"])
                _record_edit(edit, "price_edit.undone", actor_id)
                return Outcome(edit.pk, changed, left_alone)
            wanted = {row.book_id: (row.new_price, row.old_price) for row in rows}
            done = _reprice(edit, wanted, actor_id)
        changed, after = changed + len(done), rows[-1].book_id
        left_alone += sorted(wanted.keys() - done)


def _reprice(
    edit: PriceEdit,
    wanted: Mapping[int, tuple[Decimal | None, Decimal | None]],
    actor_id: uuid.UUID | None,
) -> set[int]:
    """Take books from one price to another under their locks; return the ids of those changed."""
    books = locks.lock_rows(Book.objects.filter(pk__in=wanted).only("pk", "price", "deleted_at"))
    done = {
        book.pk for book in books if book.price == wanted[book.pk][0] and book.deleted_at is None
    }
    pks = sorted(done)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_book AS book SET price = change.price, version = book.version + 1,"
            " updated_at = now()"
            " FROM unnest(%s::bigint[], %s::numeric[]) AS change (id, price)"
            " WHERE book.id = change.id",
            [pks, [wanted[pk][1] for pk in pks]],
        )
    audit.record_changes(
        (
            audit.Change(
                entity_id=pk,
                old={"price": _text(wanted[pk][0])},
                new={"price": _text(wanted[pk][1])},
                context={"price_edit": str(edit.pk)},
            )
            for pk in pks
        ),
        action="book.repriced",
        entity_type="book",
        actor_id=actor_id,
    )
    return done


def _record_edit(edit: PriceEdit, action: str, actor_id: uuid.UUID | None) -> None:
    audit.record_change(
        action=action,
        entity_type="price_edit",
        entity_id=edit.pk,
        actor_id=actor_id,
        new=edit.rule,
    )


def _text(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:.2f}"
