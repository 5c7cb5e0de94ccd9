"""What each kind of ONIX message says of the same book (CATL-06)."""

import datetime as dt
import io
from decimal import Decimal

import pytest

from catalog.services.imports.feeds import Wish
from catalog.services.imports.onix.products import read_onix
from catalog.services.imports.rejections import Rejected
from catalog.tests.services.imports.onix import samples
from catalog.tests.services.imports.onix.samples import ISBN, message, product, record_of

pytestmark = pytest.mark.req("CATL-06")
NS = "http://ns.editeur.org/onix"
SHORT = """<ONIXmessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/short"><header/>
<product><a001>com.example.harbour.1</a001><a002>03</a002>
<productidentifier><b221>15</b221><b244>9780140449136</b244></productidentifier>
<descriptivedetail><x314>00</x314><b012>BC</b012>
  <measure><x315>01</x315><c094>198</c094><c095>mm</c095></measure>
  <measure><x315>02</x315><c094>129</c094><c095>mm</c095></measure>
  <measure><x315>08</x315><c094>195</c094><c095>gr</c095></measure>
  <collection><x329>10</x329><titledetail><b202>01</b202>
    <titleelement><x409>02</x409><b030>The</b030><b031>Harbour Books</b031></titleelement>
    <titleelement><x409>01</x409><x410>2</x410></titleelement></titledetail></collection>
  <titledetail><b202>01</b202><titleelement><x409>01</x409><b030>The</b030><b031>Lighthouse</b031>
    <b029>A story of the sea</b029></titleelement></titledetail>
  <titledetail><b202>03</b202><titleelement><x409>01</x409><b203>Fyrtornet</b203></titleelement>
  </titledetail>
  <contributor><b034>1</b034><b035>A01</b035><b036>Åsa Öberg</b036></contributor>
  <contributor><b034>2</b034><b035>B06</b035><b039>Lo</b039><b040>Roth</b040></contributor>
  <contributor><b034>3</b034><b035>A24</b035><b037>Mann, Hen</b037></contributor>
  <b057>3</b057>
  <language><b253>01</b253><b252>eng</b252></language>
  <language><b253>02</b253><b252>swe</b252></language>
  <extent><b218>00</b218><b219>280</b219><b220>03</b220></extent>
  <subject><x425/><b067>93</b067><b069>FFP</b069></subject>
  <subject><b067>93</b067><b069>FYT</b069></subject>
</descriptivedetail>
<collateraldetail><textcontent><x426>03</x426><x427>00</x427>
  <d104 textformat="05"><p><strong>A light</strong> in the <em>dark</em> &amp; cold.</p>
  <p>Two.<br/>Three.</p></d104></textcontent></collateraldetail>
<publishingdetail><imprint><b079>Quay</b079></imprint>
  <publisher><b291>01</b291><b081>Harbour Press</b081></publisher><b394>07</b394>
  <publishingdate><x448>01</x448><b306 dateformat="01">202403</b306></publishingdate>
  <publishingdate><x448>02</x448><j260>00</j260><b306>20240315</b306></publishingdate>
  <publishingdate><x448>20</x448><b306 dateformat="05">1965</b306></publishingdate>
</publishingdetail>
<relatedmaterial><relatedwork><x454>01</x454><workidentifier><b201>11</b201><b244>A02</b244>
</workidentifier></relatedwork></relatedmaterial>
<productsupply><supplydetail><j396>20</j396><price><x462>02</x462><j151>49.90</j151>
<j152>ILS</j152></price></supplydetail></productsupply>
</product></ONIXmessage>"""
OLD = """<!DOCTYPE ONIXMessage SYSTEM
  "http://www.editeur.org/onix/2.1/reference/onix-international.dtd">
<ONIXMessage><Header><DefaultCurrencyCode>ILS</DefaultCurrencyCode>
  <DefaultPriceTypeCode>02</DefaultPriceTypeCode></Header>
<Product><RecordReference>com.example.harbour.1</RecordReference>
<NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>02</ProductIDType><IDValue>0140449132</IDValue>
</ProductIdentifier>
<ProductForm>BC</ProductForm>
<Series><TitleOfSeries>The Harbour Books</TitleOfSeries>
  <NumberWithinSeries>2</NumberWithinSeries></Series>
<Title><TitleType>01</TitleType><TitlePrefix>The</TitlePrefix>
  <TitleWithoutPrefix>Lighthouse</TitleWithoutPrefix><Subtitle>A story of the sea</Subtitle></Title>
<Title><TitleType>03</TitleType><TitleText>Fyrtornet</TitleText></Title>
<WorkIdentifier><WorkIDType>11</WorkIDType><IDValue>A02</IDValue></WorkIdentifier>
<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
  <PersonName>&Aring;sa &Ouml;berg</PersonName></Contributor>
<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>
  <PersonNameInverted>Roth, Lo</PersonNameInverted></Contributor>
<Contributor><SequenceNumber>3</SequenceNumber><ContributorRole>A24</ContributorRole>
  <PersonName>Hen Mann</PersonName></Contributor>
<EditionNumber>3</EditionNumber>
<Language><LanguageRole>01</LanguageRole><LanguageCode>eng</LanguageCode></Language>
<Language><LanguageRole>02</LanguageRole><LanguageCode>swe</LanguageCode></Language>
<NumberOfPages>280</NumberOfPages>
<MainSubject><MainSubjectSchemeIdentifier>93</MainSubjectSchemeIdentifier>
  <SubjectCode>FFP</SubjectCode></MainSubject>
<Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier>
  <SubjectCode>FYT</SubjectCode></Subject>
<OtherText><TextTypeCode>01</TextTypeCode><TextFormat>02</TextFormat><Text><![CDATA[
  <p><b>A light</b> in the <i>dark</i> &amp; cold.<p>Two.<br>Three.</p>]]></Text></OtherText>
<Imprint><ImprintName>Quay</ImprintName></Imprint>
<Publisher><PublishingRole>01</PublishingRole><PublisherName>Harbour Press</PublisherName>
</Publisher>
<PublishingStatus>07</PublishingStatus><PublicationDate>202403</PublicationDate>
<YearFirstPublished>1965</YearFirstPublished>
<Measure><MeasureTypeCode>01</MeasureTypeCode><Measurement>198</Measurement>
  <MeasureUnitCode>mm</MeasureUnitCode></Measure>
<Measure><MeasureTypeCode>02</MeasureTypeCode><Measurement>129</Measurement>
  <MeasureUnitCode>mm</MeasureUnitCode></Measure>
<Measure><MeasureTypeCode>08</MeasureTypeCode><Measurement>195</Measurement>
  <MeasureUnitCode>gr</MeasureUnitCode></Measure>
<SupplyDetail><AvailabilityCode>IP</AvailabilityCode><OnSaleDate>20240315</OnSaleDate>
<Price><PriceAmount>49.90</PriceAmount></Price></SupplyDetail>
</Product></ONIXMessage>"""
OLD_SHORT = """<ONIXmessage><header><m186>ILS</m186></header><product><a001>r</a001><a002>03</a002>
<b004>0140449132</b004><b012>BB</b012><title><b202>01</b202><b203>The Lighthouse</b203></title>
<mainsubject><b191>93</b191><b069>FFP</b069></mainsubject><b064>FIC000000</b064>
<b003>2024</b003><supplydetail><j141>OP</j141><price><j148>02</j148><j151>49.90</j151>
<j303>WORLD</j303></price></supplydetail></product></ONIXmessage>"""


@pytest.mark.parametrize(
    "file",
    [
        message(product(*samples.WHOLE)),
        message(product(*samples.WHOLE), namespace=f"{NS}/3.0/reference"),
        message(product(*samples.WHOLE), release="3.1", namespace=f"{NS}/3.1/reference"),
        io.BytesIO(SHORT.encode()),
        io.BytesIO(OLD.encode()),
    ],
    ids=["3.0", "3.0 with namespace", "3.1", "3.0 short", "2.1"],
)
def test_every_kind_of_message_says_the_same(file):
    (record,) = samples.records_of(file)

    said = {name: getattr(record, name) for name in record.__slots__ if name != "terms"}
    assert {name: value for name, value in said.items() if value} == {
        "isbn13": ISBN,
        "title": "The Lighthouse",
        "work_title": "Fyrtornet",
        "subtitle": "A story of the sea",
        "description": "A light in the dark & cold.\n\nTwo.\nThree.",
        "credits": (("Åsa Öberg", "AUTHOR"), ("Lo Roth", "TRANSLATOR")),
        "publisher": "Harbour Press",
        "published_on": dt.date(2024, 3, 1),
        "published_precision": "MONTH",
        "language": "en",
        "format": "PAPERBACK",
        "pages": 280,
        "series": "The Harbour Books",
        "series_number": "2",
        "subject_codes": (("THEMA", "FFP"), ("THEMA", "FYT")),
        "price": Decimal("49.90"),
        "attributes": {
            "Dimensions": "198 × 129 mm",
            "Edition": "3",
            "Imprint": "Quay",
            "Introduction": "Hen Mann",
            "Publishing status": "Out of print",
            "Translated from": "Swedish",
            "Weight": "195 g",
        },
        "on_sale_on": dt.date(2024, 3, 15),
        "work": "11:A02",
        "first_published_year": 1965,
    }
    assert (record.terms.wish, record.terms.reference) == (Wish.REPLACE, samples.REFERENCE)
    assert record.dated_prices == ()


def test_short_tags_of_the_old_release_mean_what_they_meant():
    (record,) = samples.records_of(io.BytesIO(OLD_SHORT.encode()))

    assert (record.isbn13, record.title, record.format) == (ISBN, "The Lighthouse", "HARDBACK")
    assert record.subject_codes == (("BISAC", "FIC000000"), ("THEMA", "FFP"))
    assert (record.price, record.published_precision) == (Decimal("49.90"), "YEAR")
    assert record.attributes == {"Availability": "Out of print"}


@pytest.mark.parametrize(
    ("kind", "isbn", "blocks", "problem"),
    [
        ("03", ISBN, (), "TITLE_MISSING"),
        ("03", "", samples.WHOLE, "ISBN_MISSING"),
        ("03", "9780140449137", samples.WHOLE, "ISBN_INVALID"),
        ("77", ISBN, samples.WHOLE, "NOTIFICATION_UNKNOWN"),
        ("03", ISBN, (samples.DESCRIPTIVE.replace(">BC<", ">XB<"),), "NOT_A_BOOK"),
        ("03", ISBN, (samples.title_of("Caf&oops;"),), "CHARACTER_UNKNOWN"),
        ("03", ISBN, (samples.title_of("x" * 501),), "TITLE_TOO_LONG"),
        ("03", ISBN, (*samples.WHOLE[:4], samples.supply(samples.price("-1"))), "PRICE_NEGATIVE"),
        ("03", ISBN, (*samples.WHOLE[:4], samples.supply(samples.price("ten"))), "PRICE_INVALID"),
    ],
)
def test_a_product_that_is_no_book_takes_no_other_with_it(kind, isbn, blocks, problem):
    good = product(samples.title_of("Good"), isbn=samples.OTHER_ISBN)
    outcomes = []
    rows = list(read_onix(message(good, product(*blocks, kind=kind, isbn=isbn), good)))
    for row in rows:
        try:
            outcomes.append(samples.record_from(row).title)
        except Rejected as rejected:
            outcomes.append(rejected.code)
    assert outcomes == ["Good", problem, "Good"]
    assert [row.line for row in rows] == [1, 2, 3]


@pytest.mark.parametrize(
    ("form", "more", "book_format", "words"),
    [
        ("BB", "", "HARDBACK", None),
        ("BH", "", "", "Board book"),
        ("ED", "", "EBOOK", None),
        ("ED", "<PrimaryContentType>01</PrimaryContentType>", "AUDIOBOOK", None),
        ("AJ", "", "AUDIOBOOK", None),
        ("SA", "", "", "Set"),
        ("PC", "", "", "Calendar"),
        ("00", "", "", None),
    ],
)
def test_forms_are_formats_or_facts(form, more, book_format, words):
    block = samples.title_of("A").replace(
        "<ProductForm>BC</ProductForm>", f"<ProductForm>{form}</ProductForm>{more}"
    )
    record = record_of(block)
    assert (record.format, record.attributes.get("Form")) == (book_format, words)


@pytest.mark.parametrize(
    ("date", "day", "precision"),
    [
        ('<Date dateformat="00">20240315</Date>', dt.date(2024, 3, 15), "DAY"),
        ("<Date>20240315</Date>", dt.date(2024, 3, 15), "DAY"),
        ("<Date>202403</Date>", dt.date(2024, 3, 1), "MONTH"),
        ("<Date>2024</Date>", dt.date(2024, 1, 1), "YEAR"),
        ('<Date dateformat="02">202412</Date>', dt.date(2024, 3, 1), "MONTH"),
        ('<Date dateformat="03">20242</Date>', dt.date(2024, 1, 1), "YEAR"),
        ('<Date dateformat="06">2024031520240401</Date>', dt.date(2024, 3, 15), "DAY"),
        ('<Date dateformat="14">20240315T101500</Date>', dt.date(2024, 3, 15), "DAY"),
        ("<Date>20240315T1015Z</Date>", dt.date(2024, 3, 15), "DAY"),
        ('<Date dateformat="12">Spring 2024</Date>', None, ""),
        ('<Date dateformat="20">57840706</Date>', None, ""),
        ("<Date>20240231</Date>", None, ""),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(date, day, precision):
    block = (
        "<PublishingDetail><PublishingDate><PublishingDateRole>01</PublishingDateRole>"
        f"{date}</PublishingDate></PublishingDetail>"
    )
    record = record_of(samples.title_of("A"), block)
    assert (record.published_on, record.published_precision) == (day, precision)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p>One</p><p>Two &lt; three</p>", "One\n\nTwo < three"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\n\nTwo"),
        ("&amp;lt;b&amp;gt;Twice&amp;lt;/b&amp;gt; escaped", "Twice escaped"),
        ("Tea &amp;amp; cake", "Tea & cake"),
        ("<![CDATA[<script>alert(1)</script>Safe]]>", "Safe"),
        ("&lt;img src=x onerror=alert(1)&gt;Safe", "Safe"),
        ("&lt;style&gt;p {}&lt;/style&gt;Safe", "Safe"),
        ("One\n   two\n\n\n\n   three", "One\ntwo\n\nthree"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
    ],
)
def test_descriptions_are_plain_text(written, text):
    block = (
        "<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00"
        f"</ContentAudience><Text>{written}</Text></TextContent></CollateralDetail>"
    )
    assert record_of(samples.title_of("A"), block).description == text


def test_a_volume_without_a_name_of_its_own_is_called_after_its_set():
    block = """<DescriptiveDetail><TitleDetail><TitleType>01</TitleType>
      <TitleElement><TitleElementLevel>02</TitleElementLevel><TitleText>Collected Plays</TitleText>
      </TitleElement><TitleElement><TitleElementLevel>01</TitleElementLevel>
      <PartNumber>2</PartNumber></TitleElement></TitleDetail></DescriptiveDetail>"""
    assert record_of(block).title == "Collected Plays, 2"


def test_articles_of_other_languages_keep_their_apostrophe():
    block = """<DescriptiveDetail><TitleDetail><TitleType>01</TitleType><TitleElement>
      <TitleElementLevel>01</TitleElementLevel><TitlePrefix>L’</TitlePrefix>
      <TitleWithoutPrefix>Étranger</TitleWithoutPrefix></TitleElement></TitleDetail>
      </DescriptiveDetail>"""
    assert record_of(block).title == "L’Étranger"


def test_an_audiobook_tells_how_long_it_is():
    block = samples.title_of("A").replace(
        "</DescriptiveDetail>",
        "<Extent><ExtentType>09</ExtentType><ExtentValue>0123000</ExtentValue>"
        "<ExtentUnit>16</ExtentUnit></Extent></DescriptiveDetail>",
    )
    assert record_of(block).attributes == {"Running time": "12 h 30 min"}


def test_a_long_text_of_a_sender_is_no_reason_to_leave_out_the_book():
    block = "<CollateralDetail>" + "".join(
        f"<TextContent><TextType>01</TextType><Text>{text}</Text><SourceTitle>{name}</SourceTitle>"
        "</TextContent>"
        for name, text in (("Long", "x" * 501), ("Short", "y"))
    )
    record = record_of(samples.title_of("A"), f"{block}</CollateralDetail>")
    assert record.attributes == {"Short": "y"}
