"""Amounts in the store's one currency: Decimal with two places, never float."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import get_language, to_locale

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Round half up to two places."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def format_money(amount: Decimal) -> str:
    """Return the amount as the reader's language writes it, with the currency's sign."""
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return format_currency(amount, settings.STORE_CURRENCY, locale=locale)
