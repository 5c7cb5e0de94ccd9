"""Prices that hold for a time, as a record tells them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class DatedAmount(NamedTuple):
    """A price with its first and its last day; None where it is open."""

    amount: Decimal
    from_on: date | None = None
    until_on: date | None = None

    @property
    def has_days(self) -> bool:
        """Whether it begins or ends on some day."""
        return self.from_on is not None or self.until_on is not None


def due_on(day: date, prices: Iterable[DatedAmount]) -> DatedAmount | None:
    """Return the price that holds on a day: of several the one that began last."""
    holding = [
        price for price in prices if (price.from_on or day) <= day <= (price.until_on or day)
    ]
    return max(holding, key=lambda price: price.from_on or date.min, default=None)
