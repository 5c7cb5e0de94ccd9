"""A book as a Product of ONIX for Books 3.0, in the order that its schema asks for."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from babel.core import get_global
from django.conf import settings
from django.utils import timezone
from lxml import etree

from catalog.enums import BookFormat, ContributorRole, DatePrecision
from catalog.selectors.exports import ExportRecord, Subject
from catalog.services.exports import rows
from catalog.services.imports.onix import ours

# A name, then a text or what is inside, then the format of a date; what is empty is left out.
type Inside = str | Sequence[Node | None]
type Node = tuple[str, Inside] | tuple[str, Inside, str]

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Codes of ONIX's lists 150, 17 and 55.
_FORMS = {
    BookFormat.HARDBACK: "BB",
    BookFormat.PAPERBACK: "BC",
    BookFormat.EBOOK: "ED",
    BookFormat.AUDIOBOOK: "AJ",
}
_FORM_UNKNOWN = "00"
_RETAILER = "08"
_IN_STOCK, _AVAILABLE = "21", "20"
_FREE, _PRICE_TO_COME = "01", "02"
_LAST_YEAR = 9999
_ROLES = {
    ContributorRole.AUTHOR: "A01",
    ContributorRole.EDITOR: "B01",
    ContributorRole.TRANSLATOR: "B06",
    ContributorRole.ILLUSTRATOR: "A12",
    ContributorRole.NARRATOR: "E07",
}
_DAY, _IN_WORDS = "00", "12"
_DATES = {DatePrecision.DAY: _DAY, DatePrecision.MONTH: "01", DatePrecision.YEAR: "05"}
# Of ISO 639-2's codes its list 74 has those that libraries use.
_OF_LIBRARIES = "alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per rum slo tib wel"
_ALIASES = get_global("language_aliases")
_LANGUAGES = {
    **{two: three for three, two in _ALIASES.items() if len(three) - len(two) == 1},
    **{_ALIASES[three]: three for three in _OF_LIBRARIES.split()},
    "gu": "guj",
    "tl": "tgl",
    "tw": "twi",
}


def element_of(node: Node) -> etree._Element:
    """Return a node as XML, without what is empty in it."""
    name, inside, *date_format = node
    element = etree.Element(name, {"dateformat": date_format[0]} if date_format else None)
    if isinstance(inside, str):
        element.text = inside
    else:
        element.extend([element_of(each) for each in inside if each and each[1]])
    return element


def product_of(record: ExportRecord) -> Node:
    """Return the whole Product: new or changed (03), or to be deleted (05) when withdrawn."""
    record = _writable(record)
    host = urlsplit(settings.PUBLIC_URL).hostname
    head: list[Node] = [
        ("RecordReference", f"{host}.{record.isbn13}"),
        ("NotificationType", "05" if record.is_withdrawn else "03"),
        ("RecordSourceName", settings.STORE_NAME),
        *(
            ("ProductIdentifier", [("ProductIDType", kind), ("IDValue", record.isbn13)])
            for kind in ("03", "15")
        ),
    ]
    if record.is_withdrawn:
        return ("Product", head)
    blocks = (_description, _collateral, _publishing, _related, _supply)
    return ("Product", [*head, *(block(record) for block in blocks)])


def _description(record: ExportRecord) -> Node:
    language = _LANGUAGES.get(record.language, "")
    return (
        "DescriptiveDetail",
        [
            ("ProductComposition", "00"),
            ("ProductForm", _FORMS[BookFormat(record.format)] if record.format else _FORM_UNKNOWN),
            _collection(record),
            _title("01", record.title or record.isbn13, record.subtitle),
            _title("03", rows.original_title(record)),
            *_contributors(record),
            ("Language", language and [("LanguageRole", "01"), ("LanguageCode", language)]),
            _pages(record),
            *_subjects(record.subjects),
        ],
    )


def _collection(record: ExportRecord) -> Node | None:
    if not record.series:
        return None
    volume: Node = (
        "TitleElement",
        record.series_number
        and [("TitleElementLevel", "01"), ("PartNumber", record.series_number)],
    )
    series: Node = (
        "TitleElement",
        [("TitleElementLevel", "02"), ("TitleText", record.series)],
    )
    titles: list[Node] = [("TitleType", "01"), series, volume]
    inside: list[Node] = [("CollectionType", "10"), ("TitleDetail", titles)]
    return ("Collection", inside)


def _title(kind: str, title: str, subtitle: str = "") -> Node | None:
    if not title:
        return None
    element: list[Node] = [
        ("TitleElementLevel", "01"),
        ("TitleText", title),
        ("Subtitle", subtitle),
    ]
    detail: list[Node] = [("TitleType", kind), ("TitleElement", element)]
    return ("TitleDetail", detail)


def _contributors(record: ExportRecord) -> list[Node]:
    return [
        (
            "Contributor",
            [
                ("SequenceNumber", str(place)),
                ("ContributorRole", _ROLES[ContributorRole(role)]),
                ("PersonName", name),
            ],
        )
        for place, (name, role) in enumerate(record.credits, start=1)
    ]


def _pages(record: ExportRecord) -> Node | None:
    if not record.pages:
        return None
    return (
        "Extent",
        [("ExtentType", "00"), ("ExtentValue", str(record.pages)), ("ExtentUnit", "03")],
    )


def _subjects(subjects: Sequence[Subject]) -> list[Node]:
    """Return codes of Thema, the names as keywords, and our own codes, which name each genre."""
    coded: list[Node] = [
        ("Subject", [("SubjectSchemeIdentifier", "93"), ("SubjectCode", subject.thema)])
        for subject in subjects
        if subject.thema
    ]
    words = "; ".join(subject.name for subject in subjects if not subject.thema)
    keywords: Node = (
        "Subject",
        words and [("SubjectSchemeIdentifier", "20"), ("SubjectHeadingText", words)],
    )
    own: list[Node] = [
        (
            "Subject",
            [
                ("SubjectSchemeIdentifier", "24"),
                ("SubjectSchemeName", ours.GENRES),
                ("SubjectCode", subject.slug),
                ("SubjectHeadingText", subject.name),
            ],
        )
        for subject in subjects
    ]
    return [*coded, keywords, *own]


def _collateral(record: ExportRecord) -> Node:
    facts = [_text("01", said, name) for name, said in record.attributes.items()]
    return ("CollateralDetail", [*facts, _text("03", record.description)])


def _text(kind: str, text: str, source: str = "") -> Node:
    what: list[Node] = [("TextType", kind), ("ContentAudience", "00"), ("Text", text)]
    return ("TextContent", text and [*what, ("SourceTitle", source)])


def _publishing(record: ExportRecord) -> Node:
    # The schema wants a publisher of every book; one without a name is nobody.
    nobody: list[Node] = [
        ("PublisherIDType", "01"),
        ("IDTypeName", ours.PUBLISHERS),
        ("IDValue", "unknown"),
    ]
    publisher: list[Node] = [
        ("PublishingRole", "01"),
        ("PublisherIdentifier", [] if record.publisher else nobody),
        ("PublisherName", record.publisher),
    ]
    is_to_come = record.published_on is not None and record.published_on > timezone.localdate()
    status: Node = ("PublishingStatus", "02" if is_to_come else "04")
    return ("PublishingDetail", [("Publisher", publisher), status, *_dates(record)])


def _dates(record: ExportRecord) -> list[Node]:
    found: list[Node] = []
    if record.published_on:
        kind = _DATES[DatePrecision(record.published_precision)]
        found.append(_date("01", rows.published_on(record).replace("-", ""), kind))
    if record.on_sale_on:
        found.append(_date("02", record.on_sale_on.isoformat().replace("-", ""), _DAY))
    if year := record.first_published_year:
        is_written = 0 < year <= _LAST_YEAR
        text, kind = (f"{year:04d}", "05") if is_written else (str(year), _IN_WORDS)
        found.append(_date("11", text, kind))
    return found


def _date(role: str, text: str, date_format: str) -> Node:
    inside: list[Node] = [("PublishingDateRole", role), ("Date", text, date_format)]
    return ("PublishingDate", inside)


def _related(record: ExportRecord) -> Node:
    identifier: list[Node] = [
        ("WorkIDType", "01"),
        ("IDTypeName", ours.WORKS),
        ("IDValue", rows.work_key(record)),
    ]
    work: list[Node] = [("WorkRelationCode", "01"), ("WorkIdentifier", identifier)]
    return ("RelatedMaterial", [("RelatedWork", work)])


def _supply(record: ExportRecord) -> Node:
    supplier: list[Node] = [
        ("SupplierRole", _RETAILER),
        ("SupplierName", settings.STORE_NAME),
    ]
    detail: list[Node] = [
        ("Supplier", supplier),
        ("ProductAvailability", _IN_STOCK if record.stock else _AVAILABLE),
        *(
            ("Stock", [("LocationName", place), ("OnHand", str(copies))])
            for place, copies in record.stock.items()
        ),
        *_price(record),
    ]
    return ("ProductSupply", [("SupplyDetail", detail)])


def _price(record: ExportRecord) -> list[Node]:
    if not record.price:
        return [("UnpricedItemType", _FREE if record.price is not None else _PRICE_TO_COME)]
    rate = f"{settings.TAX_RATE.normalize():f}"
    tax: Node = ("Tax", [("TaxType", "01"), ("TaxRatePercent", rate)])
    price: list[Node | None] = [
        ("PriceType", "02" if settings.PRICES_INCLUDE_TAX else "01"),
        ("PriceAmount", str(record.price)),
        tax if settings.PRICES_INCLUDE_TAX else None,
        ("CurrencyCode", settings.STORE_CURRENCY),
    ]
    return [("Price", price)]


def _writable(record: ExportRecord) -> ExportRecord:
    """Return the record without characters that XML cannot hold."""
    texts = (record.title, record.subtitle, record.description, record.work_title, record.series)
    names = (record.publisher, record.series_number, *(name for name, _role in record.credits))
    facts = (each for fact in record.attributes.items() for each in fact)
    if not any(_NO_XML.search(each) for each in (*texts, *names, *facts)):
        return record
    plain = ("title", "subtitle", "description", "work_title", "series", "publisher")
    cleaned: dict[str, Any] = {
        name: _clean(getattr(record, name)) for name in (*plain, "series_number")
    }
    cleaned["credits"] = tuple(
        (name, role) for each, role in record.credits if (name := _clean(each))
    )
    cleaned["attributes"] = {
        name: _clean(said) for each, said in record.attributes.items() if (name := _clean(each))
    }
    return replace(record, **cleaned)


def _clean(text: str) -> str:
    return _NO_XML.sub("", text).strip()
