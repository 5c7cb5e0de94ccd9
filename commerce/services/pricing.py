"""What a cart costs: pure functions, Decimal only, rounded half up line by line.

The price a shopper sees is the price of one copy. A line is that times its copies; the subtotal
is the sum of lines; delivery is free from a configured subtotal on. Tax is worked out for each
line and for delivery: the part contained in prices that include it, on top of those that do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from commerce.enums import Fulfilment
from core.money import to_cents

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class PricedLine:
    """Copies of one book with their amount and the tax in (or on) it."""

    book_id: int
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums of an order, in the store's currency."""

    lines: list[PricedLine]
    subtotal: Decimal
    delivery_fee: Decimal
    tax: Decimal
    total: Decimal
    tax_rate: Decimal


def price_order(copies: Iterable[tuple[int, int, Decimal]], fulfilment: Fulfilment) -> Totals:
    """Price lines given as (book id, copies, unit price) and what it costs to get them there."""
    lines = [
        PricedLine(
            book_id=book_id,
            quantity=quantity,
            unit_price=unit_price,
            line_total=unit_price * quantity,
            tax=tax_of(unit_price * quantity),
        )
        for book_id, quantity, unit_price in copies
    ]
    subtotal = sum((line.line_total for line in lines), ZERO)
    fee = delivery_fee_for(subtotal, fulfilment)
    tax = sum((line.tax for line in lines), ZERO) + tax_of(fee)
    total = subtotal + fee
    if not settings.PRICES_INCLUDE_TAX:
        total += tax
    return Totals(lines, subtotal, fee, tax, total, settings.TAX_RATE)


def delivery_fee_for(subtotal: Decimal, fulfilment: Fulfilment) -> Decimal:
    """Return the fee: none for collection, none from `FREE_DELIVERY_MINIMUM` on."""
    if fulfilment == Fulfilment.PICKUP or subtotal >= settings.FREE_DELIVERY_MINIMUM:
        return ZERO
    return to_cents(settings.DELIVERY_FEE)


def tax_of(amount: Decimal) -> Decimal:
    """Return the tax contained in an amount, or due on it where prices are without tax."""
    rate = settings.TAX_RATE
    base = 100 + rate if settings.PRICES_INCLUDE_TAX else Decimal(100)
    return to_cents(amount * rate / base)
