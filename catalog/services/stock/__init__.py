"""Every change of stock. A branch's quantity is the sum of its movements, never below zero.

Locks: inventory rows by primary key, then the rows of books whose last copy went or whose first
came. Both are the last locks of any transaction (docs/locking.md, docs/stock.md).
"""

from catalog.services.stock.counts import (
    Count,
    Counted,
    Differing,
    set_quantities,
    set_quantity,
    set_stock_of_book,
)
from catalog.services.stock.ledger import MOST_COPIES
from catalog.services.stock.opening import receive_opening_stock, refresh_in_stock
from catalog.services.stock.receipts import Receipt, add_copies, take_back_receipt
from catalog.services.stock.sales import give_back_stock, take_stock
from catalog.services.stock.transfers import Transfer, transfer

__all__ = [
    "MOST_COPIES",
    "Count",
    "Counted",
    "Differing",
    "Receipt",
    "Transfer",
    "add_copies",
    "give_back_stock",
    "receive_opening_stock",
    "refresh_in_stock",
    "set_quantities",
    "set_quantity",
    "set_stock_of_book",
    "take_back_receipt",
    "take_stock",
    "transfer",
]
