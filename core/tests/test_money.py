"""Amounts: rounding, and words equal to Babel's own."""

import timeit
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from django.utils import translation

from core.money import format_money, to_cents
from core.templatetags.shop import money

pytestmark = pytest.mark.req("COMM-02")


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.004", "0.00"),
        ("2.675", "2.68"),
        ("1.005", "1.01"),
        ("-0.005", "-0.01"),
        ("10", "10.00"),
        ("0.125", "0.13"),
        ("99999999.995", "100000000.00"),
    ],
)
def test_halves_are_rounded_up(amount, rounded):
    assert str(to_cents(Decimal(amount))) == rounded


@pytest.mark.parametrize("language", ["en", "he", "de", "fr", "pt-br"])
@pytest.mark.parametrize("currency", ["ILS", "EUR", "USD"])
@pytest.mark.parametrize("amount", ["0", "0.01", "12.5", "1234.56", "-7.90", "1000000.00"])
def test_words_are_those_of_the_reader_s_language(settings, language, currency, amount):
    settings.STORE_CURRENCY = currency
    locale = language.replace("-br", "_BR")
    with translation.override(language):
        assert format_money(Decimal(amount)) == format_currency(
            Decimal(amount), currency, locale=locale
        )


def test_words_in_the_shop_s_own_currency():
    assert format_money(Decimal("1234.50")) == "₪1,234.50"
    assert money(Decimal("0.00")) == "₪0.00"
    assert money(None) == ""


def test_a_page_of_prices_takes_no_time():
    prices = [Decimal(number) / 100 for number in range(24)]
    for price in prices:
        format_money(price)

    assert min(timeit.repeat(lambda: [format_money(p) for p in prices], number=10, repeat=5)) < 0.01
