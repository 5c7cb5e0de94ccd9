"""Which of a product's prices is this shop's, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.conf import settings
from lxml import etree

from catalog.services.imports.dated_prices import DatedAmount
from catalog.services.imports.onix import dates
from catalog.services.imports.onix.names import Names, text_within
from catalog.services.imports.rejections import Rejected
from core.money import to_cents

# List 58, the best first: fixed, recommended, importer's, publisher's, special, pre-publication.
_WITH_TAX = ("04", "02", "34", "42", "14", "12", "24", "22")
_WITHOUT_TAX = ("03", "01", "33", "41", "13", "11", "23", "21")
_PREPUBLICATION = frozenset(("21", "22", "23", "24"))
# List 59: for everybody, for consumers, promotional.
_FOR_ANYBODY = frozenset(("", "00", "05", "08"))
_UNCONDITIONAL = frozenset(("", "00"))
_FROM, _UNTIL, _SPAN = "14", "15", "24"
_FREE_OF_CHARGE = "01"  # list 57
_HIGHEST = Decimal(10) ** 8


@dataclass(frozen=True, slots=True)
class _Offer:
    """A price in the shop's currency; `order` ranks kinds, the smallest first."""

    amount: Decimal
    has_tax: bool
    order: int
    is_sold_here: bool
    tax_rate: Decimal | None
    from_on: date | None
    until_on: date | None


def prices_of(
    names: Names, supplies: list[etree._Element]
) -> tuple[tuple[DatedAmount, ...] | None, tuple[str, ...]]:
    """Return a product's prices for this shop by the day they begin, and notes.

    None when it has no price that counts here; what is free of charge costs 0. Prices of the shop's
    country go before those of others, those that hold tax as the shop's prices do before those that
    have to be converted. Of two that begin on the same day the better kind counts. Raises
    `Rejected` for an amount that is none.
    """
    priced = [(supply, price) for supply in supplies for price in _elements(names, supply)]
    offers = [offer for supply, price in priced if (offer := _offer(names, supply, price))]
    if not offers:
        others = any(_currency(names, price) != settings.STORE_CURRENCY for _, price in priced)
        if any(_is_free(names, supply) for supply in supplies):
            return (DatedAmount(Decimal("0.00")),), ()
        return None, ("PRICE_OTHER_CURRENCY",) if others else ()
    best = min(_group(offer) for offer in offers)
    chosen = sorted((each for each in offers if _group(each) == best), key=lambda each: each.order)
    by_start: dict[date | None, DatedAmount] = {}
    for offer in chosen:
        amount = DatedAmount(_with_our_tax(offer), offer.from_on, offer.until_on)
        by_start.setdefault(offer.from_on, amount)
    abroad, converted = best
    notes = ("PRICE_OTHER_COUNTRY" if abroad else "", "PRICE_TAX_CONVERTED" if converted else "")
    dated = sorted(by_start.values(), key=lambda each: each.from_on or date.min)
    return tuple(dated), tuple(filter(None, notes))


def _elements(names: Names, supply: etree._Element) -> Iterator[etree._Element]:
    for detail in names.all(supply, "SupplyDetail"):
        yield from names.all(detail, "Price")


def _is_free(names: Names, supply: etree._Element) -> bool:
    details = names.all(supply, "SupplyDetail")
    return any(names.text(each, "UnpricedItemType") == _FREE_OF_CHARGE for each in details)


def _group(offer: _Offer) -> tuple[bool, bool]:
    return not offer.is_sold_here, offer.has_tax != settings.PRICES_INCLUDE_TAX


def _currency(names: Names, price: etree._Element) -> str:
    return names.text(price, "CurrencyCode") or names.currency


def _offer(names: Names, supply: etree._Element, price: etree._Element) -> _Offer | None:
    """Return what a Price composite offers anybody in the shop's currency, None for others."""
    if _currency(names, price) != settings.STORE_CURRENCY:
        return None
    kind = names.text(price, "PriceType", "PriceTypeCode") or names.price_type or "02"
    order = _WITH_TAX if kind in _WITH_TAX else _WITHOUT_TAX
    written = names.text(price, "PriceAmount")
    if not written or kind not in order:
        return None
    if names.text(price, "PriceQualifier") not in _FOR_ANYBODY or _has_conditions(names, price):
        return None
    from_on, until_on = _days(names, price)
    if (kind in _PREPUBLICATION and not until_on) or (from_on and until_on and until_on < from_on):
        return None
    return _Offer(
        amount=_amount(written),
        has_tax=order is _WITH_TAX,
        order=order.index(kind),
        is_sold_here=_is_sold_here(names, supply, price),
        tax_rate=_tax_rate(names, price),
        from_on=from_on,
        until_on=until_on,
    )


def _has_conditions(names: Names, price: etree._Element) -> bool:
    conditions = names.all(price, "PriceCondition")
    kinds = (names.text(each, "PriceConditionType") for each in conditions)
    least = names.text(price, "MinimumOrderQuantity")
    return least not in {"", "0", "1"} or any(kind not in _UNCONDITIONAL for kind in kinds)


def _amount(written: str) -> Decimal:
    try:
        amount = Decimal(written)
        if amount < 0:
            raise Rejected("PRICE_NEGATIVE", "The price is negative.")
        if amount < _HIGHEST:
            return to_cents(amount)
    except InvalidOperation:
        pass
    raise Rejected("PRICE_INVALID", f"The price {written[:40]} is no amount.")


def _days(names: Names, price: etree._Element) -> tuple[date | None, date | None]:
    """Return the first and the last day on which a price holds."""
    found = {names.text(each, "PriceDateRole"): each for each in names.all(price, "PriceDate")}
    begins = dates.written_date(names, found.get(_FROM)) or dates.written_date(
        names, price, "PriceEffectiveFrom"
    )
    ends = dates.written_date(names, found.get(_UNTIL)) or dates.written_date(
        names, price, "PriceEffectiveUntil"
    )
    if _SPAN in found and len(span := names.text(found[_SPAN], "Date")) == 16:
        begins, ends = dates.iso_date(span[:8]), dates.iso_date(span[8:])
    return dates.day_of(begins), dates.day_of(ends)


def _is_sold_here(names: Names, supply: etree._Element, price: etree._Element) -> bool:
    if names.is_2_1:
        countries = " ".join(text_within(each) for each in names.all(price, "CountryCode"))
        regions = names.text(price, "Territory")
        return _covers(countries, regions, "") or not (countries or regions)
    territory = names.first(price, "Territory")
    if territory is None:
        territory = names.first(names.first(supply, "Market"), "Territory")
    if territory is None:
        return True
    return _covers(
        names.text(territory, "CountriesIncluded"),
        names.text(territory, "RegionsIncluded"),
        names.text(territory, "CountriesExcluded"),
    )


def _covers(countries: str, regions: str, excluded: str) -> bool:
    here = settings.STORE_COUNTRY
    return here in countries.split() or (
        "WORLD" in regions.split() and here not in excluded.split()
    )


def _tax_rate(names: Names, price: etree._Element) -> Decimal | None:
    written = names.text(names.first(price, "Tax"), "TaxRatePercent")
    written = written or names.text(price, "TaxRatePercent1")
    try:
        rate = Decimal(written)
    except InvalidOperation:
        return None
    return rate if 0 <= rate < 100 else None


def _with_our_tax(offer: _Offer) -> Decimal:
    """Return the amount with tax if the shop's prices hold it, without it if they do not."""
    if offer.has_tax == settings.PRICES_INCLUDE_TAX:
        return offer.amount
    if offer.has_tax:
        rate = settings.TAX_RATE if offer.tax_rate is None else offer.tax_rate
        return to_cents(offer.amount * 100 / (100 + rate))
    return to_cents(offer.amount * (100 + settings.TAX_RATE) / 100)
