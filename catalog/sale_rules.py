"""Whether a book may be sold today: the one judge, whoever asks.

The model, the written SQL's rows and the offers that carts see all are `Sellable`; whole lists
are narrowed in the database by `models.books.BookQuerySet.for_sale`, which says the same. A test
compares them over every combination.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from catalog.enums import SaleState


class Sellable:
    """What has a price, dates and a place in the catalogue, and so may or may not be sold.

    Days are those of the shop's calendar, and a day's books are sold from its midnight. Of a
    publication date that is known to the month or year, the first day counts.
    """

    price: Any
    deleted_at: Any
    published_on: Any
    on_sale_on: Any
    is_preorder_allowed: Any

    @property
    def sale_state(self) -> SaleState:
        """Where it stands today."""
        today = timezone.localdate()
        if self.deleted_at is not None:
            return SaleState.WITHDRAWN
        if self.price is None:
            return SaleState.NO_PRICE
        if self.on_sale_on is not None and self.on_sale_on > today:
            return SaleState.EMBARGOED
        if self.published_on is None or self.published_on <= today:
            return SaleState.FOR_SALE
        return SaleState.PREORDER if self.is_preorder_allowed else SaleState.NOT_OUT_YET

    @property
    def is_for_sale(self) -> bool:
        """Whether it may be put into a cart and ordered today."""
        return self.sale_state in (SaleState.FOR_SALE, SaleState.PREORDER)

    @property
    def is_preorder(self) -> bool:
        """Whether ordering it today is ordering it before its publication date."""
        return self.sale_state == SaleState.PREORDER

    @property
    def sold_from(self) -> dt.date | None:
        """The first day it may be sold, for one that waits for that day and nothing else."""
        if self.sale_state not in (SaleState.EMBARGOED, SaleState.NOT_OUT_YET):
            return None
        out = None if self.is_preorder_allowed else self.published_on
        return max(day for day in (self.on_sale_on, out) if day is not None)
