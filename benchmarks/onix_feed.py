"""An ONIX 3.0 message of any size, its products shaped like those that publishers send."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from catalog.services.imports.repairs import language_of

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/reference" release="3.0">
  <Header><Sender><SenderName>Benchmark</SenderName></Sender>
  <SentDateTime>20261121T0700Z</SentDateTime></Header>
"""
_SUBJECTS = ("FBA", "FFP", "FL", "FMB", "FRD", "NHTB", "PSAJ", "DNBL", "YFB", "WBA")
_ROLES = {"AUTHOR": "A01", "EDITOR": "B01", "TRANSLATOR": "B06", "ILLUSTRATOR": "A12"}
_BIOGRAPHY = "<p>{name} has written <em>many</em> books &amp; lives by the sea.</p>" * 3
_COUNTRIES = "AG AI AU BB BD BM BN BS BW BZ CM CY DM EG FJ FK GB GD GG GH GI GM GY HK IE IL IM IN"
_PRICES = (("02", "GBP", "GB"), ("01", "EUR", "AT BE CY FI FR DE"), ("02", "ILS", "IL"))


def write_feed(books: Path, feed: Path) -> int:
    """Write the books of a file of JSON lines as one message; return how many."""
    count = 0
    with books.open() as rows, feed.open("w", encoding="utf-8") as out:
        out.write(_HEAD)
        for count, line in enumerate(rows, start=1):
            out.write(_product(count, json.loads(line)))
        out.write("</ONIXMessage>\n")
    return count


def _product(number: int, book: dict[str, Any]) -> str:
    isbn = book["isbn13"]
    return f"""  <Product>
    <RecordReference>com.example.bench.{isbn}</RecordReference>
    <NotificationType>03</NotificationType><RecordSourceType>01</RecordSourceType>
    <ProductIdentifier><ProductIDType>03</ProductIDType><IDValue>{isbn}</IDValue>
    </ProductIdentifier>
    <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue>
    </ProductIdentifier>
    {_descriptive(number, book)}
    <CollateralDetail>
      <TextContent><TextType>02</TextType><ContentAudience>00</ContentAudience>
        <Text textformat="05"><p>{escape(book.get("description", "")[:200])}</p></Text>
      </TextContent>
      <TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
        <Text textformat="05"><p><strong>{escape(book["title"])}.</strong></p>
        <p>{escape(book.get("description", ""))}</p></Text></TextContent>
    </CollateralDetail>
    {_publishing(number, book)}
    <RelatedMaterial><RelatedWork><WorkRelationCode>01</WorkRelationCode><WorkIdentifier>
      <WorkIDType>01</WorkIDType><IDValue>{escape(str(book.get("work", isbn)))}</IDValue>
      </WorkIdentifier></RelatedWork></RelatedMaterial>
    <ProductSupply><Market><Territory><RegionsIncluded>WORLD</RegionsIncluded></Territory></Market>
      <SupplyDetail><Supplier><SupplierRole>01</SupplierRole>
        <SupplierName>Benchmark Distribution</SupplierName></Supplier>
        <ProductAvailability>21</ProductAvailability><PackQuantity>16</PackQuantity>
        {_prices(number)}
      </SupplyDetail></ProductSupply>
  </Product>
"""


def _descriptive(number: int, book: dict[str, Any]) -> str:
    language = language_of(book.get("language", "en")).value or "en"
    return f"""<DescriptiveDetail>
      <ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm>
      {_measures(number)}
      <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
        <TitleText>{escape(book["title"])}</TitleText></TitleElement></TitleDetail>
      {_people(book.get("contributors", ()))}
      <NoEdition/>
      <Language><LanguageRole>01</LanguageRole><LanguageCode>{language}</LanguageCode></Language>
      <Extent><ExtentType>00</ExtentType><ExtentValue>{100 + number % 700}</ExtentValue>
        <ExtentUnit>03</ExtentUnit></Extent>
      {_subjects(number)}
      <Audience><AudienceCodeType>01</AudienceCodeType><AudienceCodeValue>01</AudienceCodeValue>
      </Audience>
    </DescriptiveDetail>"""


def _measures(number: int) -> str:
    sizes = (("01", 198, "mm"), ("02", 129, "mm"), ("03", 10 + number % 30, "mm"))
    return "".join(
        f"<Measure><MeasureType>{kind}</MeasureType><Measurement>{size}</Measurement>"
        f"<MeasureUnitCode>{unit}</MeasureUnitCode></Measure>"
        for kind, size, unit in (*sizes, ("08", 100 + number % 500, "gr"))
    )


def _people(people: Iterable[dict[str, str]]) -> str:
    return "".join(
        f"<Contributor><SequenceNumber>{place}</SequenceNumber><ContributorRole>"
        f"{_ROLES.get(person['role'], 'A01')}</ContributorRole><PersonName>"
        f"{escape(person['name'])}</PersonName><BiographicalNote textformat='05'>"
        f"{_BIOGRAPHY.format(name=escape(person['name']))}</BiographicalNote></Contributor>"
        for place, person in enumerate(people, start=1)
    )


def _subjects(number: int) -> str:
    codes = [_SUBJECTS[(number + step) % len(_SUBJECTS)] for step in range(3)]
    return "".join(
        f"<Subject>{'' if place else '<MainSubject/>'}<SubjectSchemeIdentifier>93"
        f"</SubjectSchemeIdentifier><SubjectCode>{code}</SubjectCode></Subject>"
        for place, code in enumerate(codes)
    )


def _publishing(number: int, book: dict[str, Any]) -> str:
    day = date(1990, 1, 1) + timedelta(days=number * 7 % 13_000)
    return f"""<PublishingDetail>
      <Imprint><ImprintName>Imprint {number % 300}</ImprintName></Imprint>
      <Publisher><PublishingRole>01</PublishingRole>
        <PublisherName>Publisher {number % 900}</PublisherName></Publisher>
      <CountryOfPublication>GB</CountryOfPublication><PublishingStatus>04</PublishingStatus>
      <PublishingDate><PublishingDateRole>01</PublishingDateRole>
        <Date dateformat="00">{day:%Y%m%d}</Date></PublishingDate>
      <SalesRights><SalesRightsType>01</SalesRightsType><Territory>
        <CountriesIncluded>{_COUNTRIES}</CountriesIncluded></Territory></SalesRights>
    </PublishingDetail>"""


def _prices(number: int) -> str:
    return "".join(
        f"<Price><PriceType>{kind}</PriceType><PriceStatus>02</PriceStatus><PriceAmount>"
        f"{20 + number % 60}.90</PriceAmount><Tax><TaxType>01</TaxType><TaxRateCode>S</TaxRateCode>"
        f"<TaxRatePercent>18</TaxRatePercent></Tax><CurrencyCode>{currency}</CurrencyCode>"
        f"<Territory><CountriesIncluded>{countries}</CountriesIncluded></Territory></Price>"
        for kind, currency, countries in _PRICES
    )
