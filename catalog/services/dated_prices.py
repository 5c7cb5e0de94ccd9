"""Prices that publishers announced for a time, put on books when their day begins."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from catalog.models import Book, DatedPrice
from core import days, locks
from core.models import AuditEntry
from core.services import audit

BATCH = 500
_ACTION = "book.price_due"


@dataclass(frozen=True, slots=True)
class _Due:
    """The price that holds today, and the day since which it does; None since ever."""

    amount: Decimal
    since: dt.date | None


def apply_due(*, batch_size: int = BATCH) -> int:
    """Give books the prices that hold today where the shop is; return how many changed.

    Of several that hold, the one that began last counts. A price that somebody set by hand on the
    day on which it began to hold, or later, stays until the next one begins. When none holds, the
    book keeps the price it has. Each batch is a transaction that locks its books, raises their
    versions and writes a `book.price_due` audit row each. Safe to repeat, and to run twice at once.
    """
    changed = 0
    for ids in _candidates(timezone.localdate(), batch_size):
        with transaction.atomic():
            books = locks.lock_rows(Book.objects.filter(pk__in=ids))
            changed += _reprice(books, timezone.localdate())
    return changed


def _candidates(day: dt.date, batch_size: int) -> Iterator[list[int]]:
    """Yield the ids of books with a price that holds today and is not theirs, by key."""
    others = Q(book__price__isnull=True) | ~Q(book__price=F("amount"))
    holding = DatedPrice.objects.filter(_holds_on(day), others, book__deleted_at__isnull=True)
    after = 0
    while ids := list(
        holding.filter(book_id__gt=after)
        .order_by("book_id")
        .values_list("book_id", flat=True)
        .distinct()[:batch_size]
    ):
        yield ids
        after = ids[-1]


def _begun_by(day: dt.date) -> Q:
    return Q(from_on__isnull=True) | Q(from_on__lte=day)


def _holds_on(day: dt.date) -> Q:
    return _begun_by(day) & (Q(until_on__isnull=True) | Q(until_on__gte=day))


def _reprice(books: list[Book], day: dt.date) -> int:
    due = _due_prices([book.pk for book in books], day)
    by_hand = _last_set_by_hand(due)
    changes: list[audit.Change] = []
    repriced: list[Book] = []
    for book in books:
        price = due.get(book.pk)
        if price is None or book.deleted_at or book.price == price.amount:
            continue
        set_at = by_hand.get(book.pk)
        if set_at and (price.since is None or set_at >= days.midnight(price.since)):
            continue
        changes.append(
            audit.Change(
                entity_id=book.pk,
                old={"price": None if book.price is None else f"{book.price:.2f}"},
                new={"price": f"{price.amount:.2f}"},
            )
        )
        book.price = price.amount
        book.version += 1
        book.updated_at = timezone.now()
        repriced.append(book)
    Book.objects.bulk_update(repriced, ["price", "version", "updated_at"])
    audit.record_changes(changes, action=_ACTION, entity_type="book", actor_id=None)
    return len(repriced)


def _due_prices(book_ids: Collection[int], day: dt.date) -> dict[int, _Due]:
    """Return the price of each book that holds on a day, and since when."""
    prices = DatedPrice.objects.filter(_begun_by(day), book_id__in=book_ids)
    by_book: dict[int, list[DatedPrice]] = {}
    for price in prices.order_by("book_id", F("from_on").asc(nulls_first=True)):
        by_book.setdefault(price.book_id, []).append(price)
    return {pk: due for pk, each in by_book.items() if (due := _due_of(each, day))}


def _due_of(prices: list[DatedPrice], day: dt.date) -> _Due | None:
    """Return what holds of the prices of one book that have begun, in the order in which they did.

    A price that others interrupted holds since the last of these ended.
    """
    interrupted: dt.date | None = None
    for price in reversed(prices):
        if price.until_on is None or price.until_on >= day:
            starts = [start for start in (price.from_on, interrupted) if start]
            return _Due(price.amount, max(starts, default=None))
        after = price.until_on + dt.timedelta(days=1)
        interrupted = max(after, interrupted or after)
    return None


def _last_set_by_hand(book_ids: Collection[int]) -> dict[int, dt.datetime]:
    """Return when the prices of books were last set by anybody but this job."""
    trail = AuditEntry.objects.filter(
        entity_type="book",
        entity_id__in=[str(pk) for pk in book_ids],
        new_value__has_key="price",
    ).exclude(action=_ACTION)
    latest = trail.values_list("entity_id").annotate(at=Max("created_at"))
    return {int(pk): at for pk, at in latest}
