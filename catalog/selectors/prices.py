"""What a rule would make of many prices: the preview of a price edit."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db.models import QuerySet

from catalog.enums import PriceRounding, PriceRuleKind
from catalog.models import Book

# More is a matter for an import, which goes on after an interruption.
MOST_BOOKS = 10_000
HIGHEST_PRICE = Decimal("99999999.99")
# A change by more than half, up or down, is worth a second look.
_ODD_SHARE = Decimal("0.5")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class PriceRule:
    """How new prices come from old ones. `value` may be negative for percent and amount."""

    kind: PriceRuleKind
    value: Decimal
    rounding: PriceRounding = PriceRounding.CENT

    def price_after(self, old: Decimal | None) -> Decimal | None:
        """Return the new price, never below zero; None where the rule has nothing to go by.

        A book without a price gets one only from an exact price. Exact prices are not rounded.
        """
        if self.kind == PriceRuleKind.EXACT:
            return self.value.quantize(_CENT)
        if old is None:
            return None
        moved = old + (old * self.value / 100 if self.kind == PriceRuleKind.PERCENT else self.value)
        return self._rounded(moved) if moved > 0 else Decimal("0.00")

    def as_json(self) -> dict[str, str]:
        """Return what is kept of it."""
        return {"kind": self.kind.value, "value": str(self.value), "rounding": self.rounding.value}

    def _rounded(self, price: Decimal) -> Decimal:
        if self.rounding in (PriceRounding.CENT, PriceRounding.TENTH):
            return _nearest(price, Decimal(self.rounding.value)).quantize(_CENT)
        ending = Decimal(f"0{self.rounding.value}")
        # A cheap book does not become free because .00 is near.
        return max(_nearest(price - ending, Decimal(1)) + ending, ending or Decimal("1.00"))


@dataclass(frozen=True)
class PlannedPrice:
    """A book, its price and what the rule makes of it."""

    book_id: int
    title: str
    isbn13: str
    old: Decimal | None
    new: Decimal

    @property
    def is_odd(self) -> bool:
        """Whether it deserves a look: free, new, or changed by more than half."""
        if not self.old or not self.new:
            return True
        return abs(self.new - self.old) > self.old * _ODD_SHARE


@dataclass(frozen=True)
class PricePlan:
    """What applying a rule to the chosen books would do.

    `changes` are by id; `unchanged` counts books whose price the rule leaves as it is, `left_out`
    those it cannot price: withdrawn, without a price, or beyond the highest price.
    """

    rule: PriceRule
    changes: list[PlannedPrice]
    unchanged: int
    left_out: int

    @cached_property
    def odd(self) -> list[PlannedPrice]:
        """The changes that deserve a look."""
        return [each for each in self.changes if each.is_odd]

    @cached_property
    def fingerprint(self) -> str:
        """Tells this plan from one that does anything else."""
        lines = (f"{each.book_id}:{each.old}:{each.new}" for each in self.changes)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def plan(books: QuerySet[Book], rule: PriceRule) -> PricePlan:
    """Return what `rule` would do to `books`, of which there are at most `MOST_BOOKS` (1 query)."""
    changes, unchanged, left_out = [], 0, 0
    columns = ("pk", "title", "isbn13", "price", "deleted_at")
    for pk, title, isbn13, old, deleted_at in _by_id(books).values_list(*columns):
        new = None if deleted_at else rule.price_after(old)
        if new is None or new > HIGHEST_PRICE:
            left_out += 1
        elif new == old:
            unchanged += 1
        else:
            changes.append(PlannedPrice(pk, title, isbn13, old, new))
    return PricePlan(rule, changes, unchanged, left_out)


def has_too_many(books: QuerySet[Book]) -> bool:
    """Whether these are more books than one edit may change."""
    return books.order_by().values("pk")[: MOST_BOOKS + 1].count() > MOST_BOOKS


def books_of(ids: Iterable[int]) -> QuerySet[Book]:
    """Return the books with these ids."""
    return Book.objects.filter(pk__in=list(ids))


def _by_id(books: QuerySet[Book]) -> QuerySet[Book]:
    return books.order_by("pk")


def _nearest(price: Decimal, step: Decimal) -> Decimal:
    return (price / step).quantize(Decimal(1), ROUND_HALF_UP) * step
