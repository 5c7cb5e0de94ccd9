"""What the elements of an ONIX message are called: reference or short tags, in a namespace or none.

The code speaks of them by their reference names.
"""

import re
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from lxml import etree

from catalog.services.imports.rejections import FileRefused

_NAMESPACE = re.compile(
    r"https?://(?:ns|www)\.editeur\.org/onix/(?P<release>2\.1|3\.0|3\.1)/(?:reference|short)"
)
_RELEASES = ("2.1", "3.0", "3.1")
# Data elements; composites are called in lower case.
# fmt: off
_SHORT = {
    "RecordReference": "a001", "NotificationType": "a002", "ProductIDType": "b221",
    "IDValue": "b244", "ProductForm": "b012", "ProductFormDetail": "b333",
    "PrimaryContentType": "x416", "TitleType": "b202", "TitleElementLevel": "x409",
    "TitleText": "b203", "TitlePrefix": "b030", "TitleWithoutPrefix": "b031", "Subtitle": "b029",
    "PartNumber": "x410", "SequenceNumber": "b034", "CollectionType": "x329",
    "CollectionSequenceNumber": "x481", "TitleOfSeries": "b018", "NumberWithinSeries": "b019",
    "DistinctiveTitle": "b028", "ContributorRole": "b035", "PersonName": "b036",
    "PersonNameInverted": "b037", "NamesBeforeKey": "b039", "PrefixToKey": "b247",
    "KeyNames": "b040", "NamesAfterKey": "b041", "SuffixToKey": "b248", "CorporateName": "b047",
    "LanguageRole": "b253", "LanguageCode": "b252", "ExtentType": "b218", "ExtentValue": "b219",
    "ExtentUnit": "b220", "NumberOfPages": "b061", "MeasureType": "x315",
    "MeasureTypeCode": "c093", "Measurement": "c094", "MeasureUnitCode": "c095",
    "EditionType": "x419", "EditionNumber": "b057", "EditionStatement": "b058",
    "SubjectSchemeIdentifier": "b067", "MainSubjectSchemeIdentifier": "b191",
    "SubjectCode": "b069", "BASICMainSubject": "b064", "BICMainSubject": "b065",
    "TextType": "x426", "TextTypeCode": "d102", "Text": "d104", "ContentAudience": "x427",
    "ImprintName": "b079", "PublishingRole": "b291", "PublisherName": "b081",
    "PublishingStatus": "b394", "PublishingDateRole": "x448", "Date": "b306",
    "DateFormat": "j260", "PublicationDate": "b003", "YearFirstPublished": "b088",
    "WorkRelationCode": "x454", "WorkIDType": "b201", "MarketDateRole": "j408",
    "SupplyDateRole": "x461", "OnSaleDate": "j143", "ProductAvailability": "j396",
    "AvailabilityCode": "j141", "PriceType": "x462", "PriceTypeCode": "j148",
    "PriceQualifier": "j261", "PriceAmount": "j151", "CurrencyCode": "j152",
    "TaxRatePercent": "x472", "TaxRatePercent1": "j154", "PriceDateRole": "x476",
    "PriceEffectiveFrom": "j161", "PriceEffectiveUntil": "j162", "CountriesIncluded": "x449",
    "RegionsIncluded": "x450", "CountriesExcluded": "x451", "CountryCode": "b251",
    "PriceConditionType": "x463", "MinimumOrderQuantity": "j263", "DefaultCurrencyCode": "m186",
    "DefaultPriceType": "x310", "DefaultPriceTypeCode": "m185", "DefaultLanguageOfText": "m184",
    "ISBN": "b004", "EAN13": "b005", "SubjectSchemeName": "b171", "SourceTitle": "x428",
    "UnpricedItemType": "j192",
    "MainSubject": "x425", "Territory": "territory",
}
# fmt: on
# The same names meant something else.
_SHORT_IN_2_1 = {"MainSubject": "mainsubject", "Territory": "j303"}


class Names:
    """The names of one message, its release, and what its header takes for granted."""

    def __init__(self, *, namespace: str, release: str, is_short: bool) -> None:
        self.is_2_1 = release == "2.1"
        self.currency = self.price_type = self.language = ""
        # Whether the text so far has named characters that XML does not know.
        self.has_named_characters = False
        short = _SHORT | (_SHORT_IN_2_1 if self.is_2_1 else {}) if is_short else None
        self._tags = _Tags(f"{{{namespace}}}" if namespace else "", short)

    def all(self, element: etree._Element | None, name: str) -> Iterator[etree._Element]:
        """Yield the children of this name; none of an element that is not there."""
        if element is None:
            return iter(())
        return element.iterchildren(self._tags[name])

    def first(self, element: etree._Element | None, name: str) -> etree._Element | None:
        """Return the first child of this name, None when there is none."""
        return next(self.all(element, name), None)

    def text(self, element: etree._Element | None, *names: str) -> str:
        """Return what the first of these children says that is there; empty when none is."""
        if element is not None:
            for name in names:
                for child in element.iterchildren(self._tags[name]):
                    if said := text_within(child):
                        return said
                    break
        return ""

    def hear_header(self, header: etree._Element) -> None:
        """Remember the message's currency, kind of price and language."""
        self.currency = self.text(header, "DefaultCurrencyCode")
        self.price_type = self.text(header, "DefaultPriceType", "DefaultPriceTypeCode")
        self.language = self.text(header, "DefaultLanguageOfText")


class _Tags(dict[str, str]):
    """Tags by reference names, each made once: products ask for a hundred of them."""

    def __init__(self, prefix: str, short: dict[str, str] | None) -> None:
        super().__init__()
        self._prefix = prefix
        self._short = short

    def __missing__(self, name: str) -> str:
        tag = name if self._short is None else self._short.get(name, name.lower())
        self[name] = self._prefix + tag
        return self[name]


def text_within(element: etree._Element) -> str:
    """Return the text of an element and of all below it."""
    if len(element):
        # A named character that no DTD explains is kept as it is written: &eacute;
        return "".join(str(piece) for piece in element.itertext()).strip()
    return (element.text or "").strip()


def names_of(root: etree._Element) -> Names:
    """Return the names of a message; raise `FileRefused` for a release that is not read."""
    tag = etree.QName(root)
    namespace = tag.namespace or ""
    known = _NAMESPACE.fullmatch(namespace)
    if namespace and not known:
        reason = _("“{name}” is not a namespace of ONIX 2.1, 3.0 or 3.1.")
        raise FileRefused("NAMESPACE", format_lazy(reason, name=namespace[:100]))
    # 2.1 took its release for granted.
    release = (root.get("release") or (known["release"] if known else "2.1"))[:3]
    if release not in _RELEASES:
        reason = _("The message is in release {release} of ONIX. We read 2.1, 3.0 and 3.1.")
        raise FileRefused("RELEASE", format_lazy(reason, release=release))
    return Names(namespace=namespace, release=release, is_short=tag.localname == "ONIXmessage")
