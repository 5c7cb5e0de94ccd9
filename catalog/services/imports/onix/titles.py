"""Titles and series."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from catalog.services.imports.onix.names import Names

_DISTINCTIVE = "01"
_OF_THE_PRODUCT, _OF_THE_COLLECTION = "01", "02"


class Titles(NamedTuple):
    """A book's title, the title's second line, its series and its place there."""

    title: str = ""
    subtitle: str = ""
    series: str = ""
    series_number: str = ""


def titles_of(names: Names, block: etree._Element) -> Titles:
    """Return the titles in a DescriptiveDetail, or in a product of release 2.1."""
    if names.is_2_1:
        return _titles_2_1(names, block)
    detail = _distinctive(names, block, "TitleDetail")
    elements = list(names.all(detail, "TitleElement"))
    own = [each for each in elements if _level(names, each) == _OF_THE_PRODUCT]
    series, number = _collection(names, block)
    own_name = next((name for each in own if (name := name_of(names, each))), "")
    if not own_name:
        # "Dune, part 2": what the volume has of its own is a number.
        parts = [*(name_of(names, each) for each in elements), *_part_numbers(names, elements)]
        own_name = ", ".join(filter(None, parts))
    subtitle = next((said for each in own if (said := names.text(each, "Subtitle"))), "")
    return Titles(own_name, subtitle, series, number)


def _titles_2_1(names: Names, product: etree._Element) -> Titles:
    title = _distinctive(names, product, "Title")
    name = name_of(names, title) or names.text(product, "DistinctiveTitle")
    name = name or name_of(names, product)
    subtitle = names.text(title, "Subtitle") or names.text(product, "Subtitle")
    series = names.first(product, "Series")
    series_name = names.text(series, "TitleOfSeries")
    series_name = series_name or name_of(names, _distinctive(names, series, "Title"))
    number = names.text(series, "NumberWithinSeries") if series_name else ""
    return Titles(name, subtitle, series_name, number)


def _distinctive(
    names: Names, block: etree._Element | None, composite: str
) -> etree._Element | None:
    found = list(names.all(block, composite))
    wanted = [each for each in found if names.text(each, "TitleType") == _DISTINCTIVE]
    return next(iter(wanted or found), None)


def _level(names: Names, element: etree._Element) -> str:
    return names.text(element, "TitleElementLevel") or _OF_THE_PRODUCT


def name_of(names: Names, element: etree._Element | None) -> str:
    """Return a title, its article back in front of it."""
    rest = names.text(element, "TitleWithoutPrefix")
    if not rest:
        return names.text(element, "TitleText")
    prefix = names.text(element, "TitlePrefix")
    return f"{prefix}{'' if prefix.endswith(('’', "'")) else ' '}{rest}".strip()


def _collection(names: Names, block: etree._Element) -> tuple[str, str]:
    for collection in names.all(block, "Collection"):
        elements = list(names.all(_distinctive(names, collection, "TitleDetail"), "TitleElement"))
        named = [each for each in elements if _level(names, each) == _OF_THE_COLLECTION]
        name = next((name for each in named or elements if (name := name_of(names, each))), "")
        if name:
            sequence = names.first(collection, "CollectionSequence")
            number = next(_part_numbers(names, elements), "")
            return name, number or names.text(sequence, "CollectionSequenceNumber")
    return "", ""


def _part_numbers(names: Names, elements: list[etree._Element]) -> Iterator[str]:
    return filter(None, (names.text(each, "PartNumber") for each in elements))
