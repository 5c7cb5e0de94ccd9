"""Amounts in the store's one currency: Decimal with two places, never float."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import NumberPattern
from django.conf import settings
from django.utils.translation import get_language, to_locale

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Round half up to two places."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def format_money(amount: Decimal) -> str:
    """Return the amount as the reader's language writes it, with the currency's sign."""
    return _written(amount, settings.STORE_CURRENCY, get_language() or settings.LANGUAGE_CODE)


# A list page writes two dozen prices, and a shop has few different ones: remembering the words
# costs less than Babel's walk through the locale for each.
@lru_cache(maxsize=8192)
def _written(amount: Decimal, currency: str, language: str) -> str:
    locale, pattern = _locale_and_pattern(language)
    return pattern.apply(amount, locale, currency=currency, currency_digits=True)


@lru_cache(maxsize=64)
def _locale_and_pattern(language: str) -> tuple[Locale, NumberPattern]:
    locale = Locale.parse(to_locale(language))
    return locale, locale.currency_formats["standard"]
