"""The blocks of a product: each says some facts, and governs those that it could have said."""

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from catalog.services.imports.feeds import ATTRIBUTE
from catalog.services.imports.onix import (
    codes,
    dates,
    details,
    markup,
    ours,
    people,
    prices,
    titles,
)
from catalog.services.imports.onix.names import Names

type Facts = dict[str, Any]
type Block = etree._Element

_ATTRIBUTES_DESCRIBED = (
    *("Form", "Edition", "Dimensions", "Weight", "Running time", "Translated from"),
    *codes.PREFACES.values(),
)
_PUBLISHED, _EMBARGO, _FIRST, _FIRST_IN_ORIGINAL = "01", "02", "11", "20"
# List 153 (list 33 in 2.1), the best first.
_DESCRIPTIONS = ("03", "02")
_DESCRIPTIONS_2_1 = ("01", "03", "02")
# List 154: everybody, those who buy.
_AUDIENCES = frozenset(("", "00", "03"))
_THE_PUBLISHER = ("01", "")
_MANIFESTS = "01"
_BEFORE_CHRIST = 5  # letters of such a year
_ORIGINAL_TITLE = "03"


def read_blocks(names: Names, product: Block, *, offers_only: bool) -> tuple[Facts, frozenset[str]]:
    """Return what a product says, and the facts that its blocks govern.

    In release 2.1 nothing is in blocks, so that only what is said counts. `offers_only` reads
    prices and availability alone.
    """
    said: Facts = {"attributes": {}, "notes": ()}
    governed: set[str] = set()
    for name, read in _READERS.items():
        if offers_only and name != "ProductSupply":
            continue
        found = [product] if names.is_2_1 else list(names.all(product, name))
        if not found:
            continue
        facts = read(names, found)
        said["attributes"] |= facts.pop("attributes", {})
        said |= {fact: value for fact, value in facts.items() if value or fact not in said}
        governed |= _GOVERNED[name] if not names.is_2_1 else set()
    return said, frozenset(governed)


def _described(names: Names, found: list[Block]) -> Facts:
    block = found[0]
    named = titles.titles_of(names, block)
    credits_, prefaces = people.people_of(names, block)
    book_format, form = details.form_of(names, block)
    language, original = details.language_of(names, block)
    pages, running_time = details.extents_of(names, block)
    attributes = prefaces | details.measures_of(names, block)
    attributes |= {"Form": form, "Edition": details.edition_of(names, block)}
    attributes |= {"Running time": running_time, "Translated from": original}
    return {
        "title": named.title,
        "subtitle": named.subtitle,
        "original_title": _original_title(names, block),
        "series": {"name": named.series, "number": named.series_number},
        "contributors": credits_,
        "format": book_format,
        "language": language,
        "pages": pages,
        "genres": ours.genres_of(names, block),
        "subject_codes": details.subject_codes_of(names, block),
        "attributes": {name: value for name, value in attributes.items() if value},
    }


def _original_title(names: Names, block: Block) -> str:
    composite = "Title" if names.is_2_1 else "TitleDetail"
    for each in names.all(block, composite):
        if names.text(each, "TitleType") == _ORIGINAL_TITLE:
            element = each if names.is_2_1 else names.first(each, "TitleElement")
            return titles.name_of(names, element)
    return ""


def _texts(names: Names, found: list[Block]) -> Facts:
    composite, kind = ("OtherText", "TextTypeCode") if names.is_2_1 else ("TextContent", "TextType")
    wanted = _DESCRIPTIONS_2_1 if names.is_2_1 else _DESCRIPTIONS
    by_type: dict[str, list[Block]] = {}
    for content in names.all(found[0], composite):
        written = names.first(content, "Text")
        said = names.text(content, kind)
        if written is None or said not in wanted:
            continue
        if names.text(content, "ContentAudience") in _AUDIENCES:
            by_type.setdefault(said, []).append(written)
    texts = (markup.plain_text(each) for kind in wanted for each in by_type.get(kind, ()))
    return {
        "description": next(filter(None, texts), ""),
        "attributes": ours.attributes_of(names, found[0]),
    }


def _published(names: Names, found: list[Block]) -> Facts:
    block = found[0]
    houses = {
        names.text(each, "PublishingRole"): names.text(each, "PublisherName")
        for each in names.all(block, "Publisher")
    }
    publisher = next((houses[role] for role in _THE_PUBLISHER if houses.get(role)), "")
    imprint = names.text(names.first(block, "Imprint"), "ImprintName")
    by_role = _dates(names, block, "PublishingDate", "PublishingDateRole")
    attributes = {}
    if publisher and imprint and imprint.casefold() != publisher.casefold():
        attributes["Imprint"] = imprint
    if status := codes.STATUSES.get(names.text(block, "PublishingStatus")):
        attributes["Publishing status"] = status
    first = by_role.get(_FIRST_IN_ORIGINAL) or by_role.get(_FIRST) or ""
    return {
        "publisher": publisher or imprint,
        "published_on": by_role.get(_PUBLISHED)
        or dates.written_date(names, block, "PublicationDate"),
        "first_published": first[: _BEFORE_CHRIST if first.startswith("-") else 4]
        or names.text(block, "YearFirstPublished"),
        "on_sale_on": by_role.get(_EMBARGO, ""),
        "attributes": attributes,
    }


def _related(names: Names, found: list[Block]) -> Facts:
    works = [
        each
        for each in names.all(found[0], "RelatedWork")
        if names.text(each, "WorkRelationCode") == _MANIFESTS
    ]
    if names.is_2_1:
        works = found
    for work in works:
        for identifier in names.all(work, "WorkIdentifier"):
            if value := names.text(identifier, "IDValue"):
                return {"work": f"{names.text(identifier, 'WorkIDType')}:{value}"[:200]}
    return {}


def _supplied(names: Names, found: list[Block]) -> Facts:
    dated, notes = prices.prices_of(names, found)
    availabilities, embargoes, appearances = [], [], []
    for supply in found:
        by_role = _dates(
            names, names.first(supply, "MarketPublishingDetail"), "MarketDate", "MarketDateRole"
        )
        appearances.append(by_role.get(_PUBLISHED, ""))
        embargoes.append(by_role.get(_EMBARGO, ""))
        for detail in names.all(supply, "SupplyDetail"):
            availabilities.append(_availability(names, detail))
            by_role = _dates(names, detail, "SupplyDate", "SupplyDateRole")
            embargoes.append(by_role.get(_EMBARGO) or names.text(detail, "OnSaleDate"))
    # What one supplier has is to be had.
    availability = "" if "" in availabilities else next(iter(availabilities), "")
    return {
        "dated_prices": dated,
        "notes": notes,
        "published_on": next(filter(None, appearances), ""),
        "on_sale_on": next((day for each in embargoes if (day := dates.iso_date(each))), ""),
        "attributes": {"Availability": availability} if availability else {},
    }


def _availability(names: Names, detail: Block) -> str:
    if code := names.text(detail, "ProductAvailability"):
        return codes.AVAILABILITIES.get(code, "")
    return codes.AVAILABILITIES_2_1.get(names.text(detail, "AvailabilityCode"), "")


def _dates(names: Names, block: Block | None, composite: str, role: str) -> dict[str, str]:
    found: Iterator[Block] = names.all(block, composite)
    return {names.text(each, role): dates.written_date(names, each) for each in found}


_READERS: dict[str, Callable[[Names, list[Block]], Facts]] = {
    # Markets may know other dates; the publisher's own come last and count.
    "ProductSupply": _supplied,
    "DescriptiveDetail": _described,
    "CollateralDetail": _texts,
    "PublishingDetail": _published,
    "RelatedMaterial": _related,
}
_GOVERNED: dict[str, frozenset[str]] = {
    "DescriptiveDetail": frozenset(
        (
            *("subtitle", "credits", "language", "format", "pages", "series"),
            *(ATTRIBUTE + name for name in _ATTRIBUTES_DESCRIBED),
        )
    ),
    "CollateralDetail": frozenset(("description",)),
    "PublishingDetail": frozenset(
        (
            *("publisher", "published_on", "on_sale_on"),
            *(ATTRIBUTE + name for name in ("Imprint", "Publishing status")),
        )
    ),
    "RelatedMaterial": frozenset(),
    "ProductSupply": frozenset((f"{ATTRIBUTE}Availability",)),
}
ALL_FACTS = frozenset[str]().union(*_GOVERNED.values())
