"""Which of many prices is this shop's, and on which days (CATL-06)."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.services.imports.dated_prices import DatedAmount, due_on
from catalog.tests.services.imports.onix import samples
from catalog.tests.services.imports.onix.samples import dated, price, record_of, supply

pytestmark = pytest.mark.req("CATL-06")
TITLE = samples.title_of("A")


@pytest.fixture(autouse=True)
def _in_israel(settings):
    settings.STORE_CURRENCY, settings.STORE_COUNTRY = "ILS", "IL"
    settings.PRICES_INCLUDE_TAX, settings.TAX_RATE = True, Decimal(18)


def territory(included="", regions="", excluded=""):
    return (
        f"<Territory><CountriesIncluded>{included}</CountriesIncluded>"
        f"<RegionsIncluded>{regions}</RegionsIncluded>"
        f"<CountriesExcluded>{excluded}</CountriesExcluded></Territory>"
    )


def of(*supplies):
    record = record_of(TITLE, *supplies)
    return None if record.price is None else str(record.price), record.repairs


@pytest.mark.parametrize(
    ("prices", "amount", "notes"),
    [
        ([price("40")], "40.00", ()),
        ([price("40.00", kind="04"), price("45", kind="02")], "40.00", ()),
        ([price("45", kind="02"), price("40", kind="04")], "40.00", ()),
        ([price("34", kind="01"), price("40", kind="02")], "40.00", ()),
        ([price("100", kind="01")], "118.00", ("PRICE_TAX_CONVERTED",)),
        ([price("10", kind="05")], None, ()),
        ([price("10", currency="EUR")], None, ("PRICE_OTHER_CURRENCY",)),
        ([price("10", currency="EUR"), price("40")], "40.00", ()),
        ([price("10", more="<PriceQualifier>06</PriceQualifier>"), price("40")], "40.00", ()),
        ([price("10", more="<MinimumOrderQuantity>20</MinimumOrderQuantity>")], None, ()),
        (
            [
                price(
                    "3",
                    more="<PriceCondition><PriceConditionType>10</PriceConditionType>"
                    "</PriceCondition>",
                ),
                price("40"),
            ],
            "40.00",
            (),
        ),
        ([price("30", more=territory("DE")), price("40", more=territory("IL"))], "40.00", ()),
        ([price("30", more=territory("", "WORLD", "IL")), price("40")], "40.00", ()),
        ([price("30", more=territory("", "WORLD", "DE"))], "30.00", ()),
        ([price("30", more=territory("DE"))], "30.00", ("PRICE_OTHER_COUNTRY",)),
        ([], None, ()),
    ],
)
def test_the_best_price_for_this_shop_counts(prices, amount, notes):
    assert of(supply(*prices)) == (amount, notes)


def test_a_price_for_nothing_is_a_price():
    assert of(supply(price("0"))) == ("0.00", ())


def test_prices_without_tax_are_made_of_prices_with_it(settings):
    settings.PRICES_INCLUDE_TAX = False
    tax = "<Tax><TaxRatePercent>10.0</TaxRatePercent></Tax>"

    assert of(supply(price("110", more=tax))) == ("100.00", ("PRICE_TAX_CONVERTED",))
    assert of(supply(price("118"))) == ("100.00", ("PRICE_TAX_CONVERTED",))
    assert of(supply(price("90", kind="01"), price("118"))) == ("90.00", ())


def test_of_nineteen_markets_the_shops_own_counts():
    countries = (
        "FR",
        "DE",
        "ES",
        "IT",
        "PT",
        "BE",
        "NL",
        "LU",
        "CH",
        "AT",
        "SE",
        "NO",
        "DK",
        "FI",
        "PL",
        "CZ",
        "GR",
        "IL",
        "HU",
    )
    markets = [
        supply(price(f"{number}.50"), market=country)
        for number, country in enumerate(countries, start=1)
    ]
    assert of(*markets) == ("18.50", ())


def test_nineteen_periods_are_kept_and_todays_is_the_price():
    today = timezone.localdate()
    first = today - dt.timedelta(days=95)
    days = [first + dt.timedelta(days=10 * number) for number in range(19)]
    periods = [
        dated(f"{number}.00", f"{day:%Y%m%d}", f"{day + dt.timedelta(days=9):%Y%m%d}")
        for number, day in enumerate(days, start=1)
    ]
    record = record_of(TITLE, supply(*reversed(periods)))

    assert [each.from_on for each in record.dated_prices] == days
    assert record.price == Decimal(10)
    assert due_on(days[0], record.dated_prices).amount == Decimal(1)
    assert due_on(days[0] - dt.timedelta(days=1), record.dated_prices) is None


@pytest.mark.parametrize(
    ("day", "amount"), [(1, "40"), (4, "40"), (5, "30"), (9, "30"), (10, "40"), (20, "45")]
)
def test_the_price_that_began_last_holds(day, amount):
    prices = [
        DatedAmount(Decimal(40)),
        DatedAmount(Decimal(30), dt.date(2026, 1, 5), dt.date(2026, 1, 9)),
        DatedAmount(Decimal(45), dt.date(2026, 1, 20)),
    ]
    assert due_on(dt.date(2026, 1, day), prices).amount == Decimal(amount)


def test_a_price_that_has_yet_to_begin_is_not_todays():
    record = record_of(TITLE, supply(dated("50", "29990101")))

    assert record.price is None
    assert record.dated_prices == (DatedAmount(Decimal("50.00"), dt.date(2999, 1, 1)),)


SPAN = '<PriceDateRole>24</PriceDateRole><Date dateformat="06">2025010120991231</Date>'
FROM = "<PriceDateRole>14</PriceDateRole><Date>20250101</Date>"
UNTIL = "<PriceDateRole>15</PriceDateRole><Date>20991231</Date>"
OLD_FROM = "<PriceEffectiveFrom>20250101</PriceEffectiveFrom>"
OLD_UNTIL = "<PriceEffectiveUntil>20991231</PriceEffectiveUntil>"


@pytest.mark.parametrize(
    "days",
    [
        f"<PriceDate>{SPAN}</PriceDate>",
        f"<PriceDate>{FROM}</PriceDate><PriceDate>{UNTIL}</PriceDate>",
        f"{OLD_FROM}{OLD_UNTIL}",
    ],
)
def test_days_of_a_price_in_every_spelling(days):
    record = record_of(TITLE, supply(price("50", more=days)))

    assert record.dated_prices == (
        DatedAmount(Decimal("50.00"), dt.date(2025, 1, 1), dt.date(2099, 12, 31)),
    )
    assert record.price == Decimal(50)


def test_a_prepublication_price_without_an_end_counts_for_nothing():
    assert of(supply(price("30", kind="22"), price("40"))) == ("40.00", ())
    ends = dated("30", until_on="29990101", kind="22")
    assert of(supply(ends)) == ("30.00", ())


def test_an_old_message_takes_currency_and_kind_from_its_header():
    file = io.BytesIO(
        b"<ONIXMessage><Header><DefaultCurrencyCode>ILS</DefaultCurrencyCode>"
        b"<DefaultPriceTypeCode>01</DefaultPriceTypeCode></Header><Product>"
        b"<RecordReference>r</RecordReference><NotificationType>03</NotificationType>"
        b"<ISBN>0140449132</ISBN><DistinctiveTitle>A</DistinctiveTitle><SupplyDetail><Price>"
        b"<PriceAmount>100</PriceAmount><CountryCode>IL</CountryCode></Price></SupplyDetail>"
        b"</Product></ONIXMessage>"
    )
    (record,) = samples.records_of(file)
    assert record.price == Decimal("118.00")
