"""What books are sold for, and how many copies there are: as carts need to know it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.sale_rules import Sellable
from core.rows import fetch_rows

_OFFERS = """
    SELECT book.id, book.title, book.price, book.deleted_at, book.published_on,
           book.on_sale_on, book.is_preorder_allowed,
           coalesce(sum(stock.quantity)
               FILTER (WHERE branch.is_active AND branch.deleted_at IS NULL), 0)
      FROM catalog_book book
      LEFT JOIN catalog_inventory stock ON stock.book_id = book.id
      LEFT JOIN catalog_branch branch ON branch.id = stock.branch_id
     WHERE book.id = ANY(%s)
     GROUP BY book.id
"""


@dataclass(frozen=True)
class Offer(Sellable):
    """A book as a cart sees it: what it costs and how many there are in all active branches."""

    book_id: int
    title: str
    price: Decimal | None
    deleted_at: dt.datetime | None
    published_on: dt.date | None
    on_sale_on: dt.date | None
    is_preorder_allowed: bool
    available: int

    @property
    def selling_price(self) -> Decimal | None:
        """The price; None for a book that may not be sold today."""
        return self.price if self.is_for_sale else None


def offers_by_ids(book_ids: Sequence[int]) -> dict[int, Offer]:
    """Return the offers of books, withdrawn ones too (one query)."""
    return {row[0]: Offer(*row) for row in fetch_rows(_OFFERS, [list(book_ids)])}
