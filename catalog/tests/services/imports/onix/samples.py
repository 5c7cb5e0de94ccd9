"""Messages as publishers write them: one book of every kind of tags, made up."""

import io

from catalog.services.imports import records
from catalog.services.imports.onix.products import read_onix

ISBN, OTHER_ISBN = "9780140449136", "9780439023481"
REFERENCE = "com.example.harbour.1"

DESCRIPTIVE = """<DescriptiveDetail>
  <ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm>
  <Measure><MeasureType>01</MeasureType><Measurement>198</Measurement>
    <MeasureUnitCode>mm</MeasureUnitCode></Measure>
  <Measure><MeasureType>02</MeasureType><Measurement>129</Measurement>
    <MeasureUnitCode>mm</MeasureUnitCode></Measure>
  <Measure><MeasureType>08</MeasureType><Measurement>195</Measurement>
    <MeasureUnitCode>gr</MeasureUnitCode></Measure>
  <Collection><CollectionType>10</CollectionType><TitleDetail><TitleType>01</TitleType>
    <TitleElement><TitleElementLevel>02</TitleElementLevel><TitlePrefix>The</TitlePrefix>
      <TitleWithoutPrefix>Harbour Books</TitleWithoutPrefix></TitleElement>
    <TitleElement><TitleElementLevel>01</TitleElementLevel><PartNumber>2</PartNumber></TitleElement>
  </TitleDetail></Collection>
  <TitleDetail><TitleType>10</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
    <TitleText>LIGHTHOUSE (HARBOUR 2)</TitleText></TitleElement></TitleDetail>
  <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
    <TitlePrefix>The</TitlePrefix><TitleWithoutPrefix>Lighthouse</TitleWithoutPrefix>
    <Subtitle>A story of the sea</Subtitle></TitleElement></TitleDetail>
  <TitleDetail><TitleType>03</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
    <TitleText>Fyrtornet</TitleText></TitleElement></TitleDetail>
  <Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>
    <NamesBeforeKey>Lo</NamesBeforeKey><KeyNames>Roth</KeyNames></Contributor>
  <Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
    <PersonName>Åsa Öberg</PersonName></Contributor>
  <Contributor><SequenceNumber>3</SequenceNumber><ContributorRole>A24</ContributorRole>
    <PersonNameInverted>Mann, Hen</PersonNameInverted></Contributor>
  <Contributor><SequenceNumber>4</SequenceNumber><ContributorRole>Z99</ContributorRole>
    <PersonName>Left Out</PersonName></Contributor>
  <EditionNumber>3</EditionNumber>
  <Language><LanguageRole>01</LanguageRole><LanguageCode>eng</LanguageCode></Language>
  <Language><LanguageRole>02</LanguageRole><LanguageCode>swe</LanguageCode></Language>
  <Extent><ExtentType>11</ExtentType><ExtentValue>300</ExtentValue><ExtentUnit>03</ExtentUnit>
  </Extent>
  <Extent><ExtentType>00</ExtentType><ExtentValue>280</ExtentValue><ExtentUnit>03</ExtentUnit>
  </Extent>
  <Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier>
    <SubjectCode>FYT</SubjectCode></Subject>
  <Subject><MainSubject/><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier>
    <SubjectCode>FFP</SubjectCode></Subject>
  <Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>
    <SubjectHeadingText>sea; light</SubjectHeadingText></Subject>
</DescriptiveDetail>"""
COLLATERAL = """<CollateralDetail>
  <TextContent><TextType>02</TextType><ContentAudience>00</ContentAudience><Text>Short.</Text>
  </TextContent>
  <TextContent><TextType>03</TextType><ContentAudience>02</ContentAudience>
    <Text>For the trade only.</Text></TextContent>
  <TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
    <Text textformat="05"><p><strong>A light</strong> in
      the <em>dark</em> &amp; cold.</p><p>Two.<br/>Three.</p></Text></TextContent>
</CollateralDetail>"""
PUBLISHING = """<PublishingDetail>
  <Imprint><ImprintName>Quay</ImprintName></Imprint>
  <Publisher><PublishingRole>02</PublishingRole><PublisherName>Partner</PublisherName></Publisher>
  <Publisher><PublishingRole>01</PublishingRole><PublisherName>Harbour Press</PublisherName>
  </Publisher>
  <PublishingStatus>07</PublishingStatus>
  <PublishingDate><PublishingDateRole>01</PublishingDateRole><Date dateformat="01">202403</Date>
  </PublishingDate>
  <PublishingDate><PublishingDateRole>02</PublishingDateRole><DateFormat>00</DateFormat>
    <Date>20240315</Date></PublishingDate>
  <PublishingDate><PublishingDateRole>20</PublishingDateRole><Date dateformat="05">1965</Date>
  </PublishingDate>
</PublishingDetail>"""
RELATED = """<RelatedMaterial><RelatedWork><WorkRelationCode>01</WorkRelationCode>
  <WorkIdentifier><WorkIDType>11</WorkIDType><IDValue>A02</IDValue></WorkIdentifier>
</RelatedWork></RelatedMaterial>"""


def price(amount, kind="02", currency="ILS", more=""):
    """Return a Price composite of release 3."""
    return (
        f"<Price><PriceType>{kind}</PriceType>{more}<PriceAmount>{amount}</PriceAmount>"
        f"<CurrencyCode>{currency}</CurrencyCode></Price>"
    )


def dated(amount, from_on="", until_on="", **options):
    """Return a Price composite that holds from one day to another."""
    days = "".join(
        f"<PriceDate><PriceDateRole>{role}</PriceDateRole><Date>{day}</Date></PriceDate>"
        for role, day in (("14", from_on), ("15", until_on))
        if day
    )
    return price(amount, **options).replace("</Price>", f"{days}</Price>")


def supply(*prices, availability="20", market=""):
    """Return a ProductSupply; `market` names countries."""
    where = ""
    if market:
        countries = f"<CountriesIncluded>{market}</CountriesIncluded>"
        where = f"<Market><Territory>{countries}</Territory></Market>"
    return (
        f"<ProductSupply>{where}<SupplyDetail><ProductAvailability>{availability}"
        f"</ProductAvailability>{''.join(prices)}</SupplyDetail></ProductSupply>"
    )


def title_of(name):
    """Return a DescriptiveDetail with a title and nothing else."""
    return (
        "<DescriptiveDetail><ProductForm>BC</ProductForm><TitleDetail><TitleType>01</TitleType>"
        f"<TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>{name}</TitleText>"
        "</TitleElement></TitleDetail></DescriptiveDetail>"
    )


def product(*blocks, kind="03", isbn=ISBN, reference=REFERENCE):
    """Return a Product of release 3; without an ISBN it goes by its reference."""
    identifier = (
        f"<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue>"
        "</ProductIdentifier>"
        if isbn
        else ""
    )
    return (
        f"<Product><RecordReference>{reference}</RecordReference>"
        f"<NotificationType>{kind}</NotificationType>{identifier}{''.join(blocks)}</Product>"
    )


WHOLE = (DESCRIPTIVE, COLLATERAL, PUBLISHING, RELATED, supply(price("49.90")))


def message(*products, release="3.0", namespace="", header=""):
    """Return a message in reference tags as a file."""
    xmlns = f' xmlns="{namespace}"' if namespace else ""
    return io.BytesIO(
        f'<ONIXMessage release="{release}"{xmlns}><Header>{header}</Header>'
        f"{''.join(products)}</ONIXMessage>".encode()
    )


def record_from(row):
    """Return a row's record; raises `Rejected`."""
    if row.problem:
        raise row.problem
    return records.record_of(row.fields)


def records_of(file):
    """Return the records of a message; raises `Rejected`."""
    return [record_from(row) for row in read_onix(file)]


def record_of(*blocks, **options):
    """Return the one record of a product of release 3."""
    (record,) = records_of(message(product(*blocks, **options)))
    return record
