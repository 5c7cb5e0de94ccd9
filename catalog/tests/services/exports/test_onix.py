"""ONIX messages are valid by EDItEUR's schema and say what a bookseller means (CATL-06)."""

import datetime as dt
import io
from decimal import Decimal

import onixcheck
import pytest
from django.utils import timezone
from lxml import etree

from catalog.models import Book, BookContributor, GenreCode
from catalog.selectors import exports
from catalog.selectors.exports import Selection
from catalog.services.exports import files
from catalog.services.exports.products import _LANGUAGES
from catalog.services.imports import repairs
from catalog.tests.factories import (
    BookFactory,
    BranchFactory,
    ContributorFactory,
    GenreFactory,
    InventoryFactory,
    PublisherFactory,
    SeriesFactory,
    WorkFactory,
)
from catalog.tests.services.exports.shelf import awkward_books

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
NAMESPACE = {"o": "http://ns.editeur.org/onix/3.0/reference"}


def message(**selection):
    books = exports.books_of(Selection(**selection))
    return b"".join(files.chunks(books=books, file_format="onix"))


def problems(content):
    return [(each.location, each.message) for each in onixcheck.validate(named(content))]


def named(content):
    file = io.BytesIO(content)
    file.name = "message.xml"
    return file


def said(content):
    """Return the texts of a message's one product by the path of their names."""
    (product,) = etree.fromstring(content).findall("o:Product", NAMESPACE)
    found = {}
    for element in product.iter():
        if len(element) == 0:
            names = [etree.QName(each).localname for each in element.iterancestors()]
            path = [*reversed(names[:-2]), etree.QName(element).localname]
            found.setdefault("/".join(path), []).append(element.text)
    return found


def test_awkward_catalogue_makes_a_valid_message():
    awkward_books()
    content = message()
    assert problems(content) == []
    assert len(etree.fromstring(content).findall("o:Product", NAMESPACE)) == 40


def test_message_without_books_is_valid():
    content = message()
    assert problems(content) == []
    assert b"<NoProduct/>" in content


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "\x01", "subtitle": "\x02", "description": "\x0b", "series_number": "\x1f"},
        {
            "title": "a\x08b\ufffe",
            "description": "\x0c\tx",
            "attributes": {"\x01": "x", "y": "\x02"},
        },
        {"title": "𝕬" * 500, "subtitle": "]]>" * 100, "description": "x" * 200_000},
        {"title": "שלום (ABC) עולם", "language": "he", "price": None},
        {"published_on": dt.date(1, 1, 1), "price": Decimal("0.00"), "language": "xx"},
        {"published_on": dt.date(9999, 12, 31), "on_sale_on": dt.date(1, 2, 3)},
    ],
)
def test_awkward_book_makes_a_valid_message(fields):
    book = BookFactory(
        series=SeriesFactory(name="\x03"),
        publisher=PublisherFactory(name="\x04"),
        work=WorkFactory(title="\x05", first_published_year=-1750),
        **fields,
    )
    BookContributor.objects.create(book=book, contributor=ContributorFactory(name="\x06"))
    assert problems(message()) == []


@pytest.mark.parametrize("year", [-5000, -1, 1, 999, 2026, 9999])
def test_first_year_of_any_age_is_valid(year):
    BookFactory(work=WorkFactory(first_published_year=year))
    assert problems(message()) == []


def test_every_language_is_one_of_the_list():
    for place, language in enumerate(sorted(_LANGUAGES)):
        # Of Tagalog and Twi the import knows other names.
        assert repairs.language_of(_LANGUAGES[language]).value == language or language in {
            "tl",
            "tw",
        }
        BookFactory(language=language, title=f"Book {place}")
    assert problems(message()) == []


def test_product_says_what_is_known():
    fiction, crime = GenreFactory(name="Fiction"), GenreFactory(name="Haifa noir", slug="noir")
    GenreCode.objects.create(code="FBA", genre=fiction)
    GenreCode.objects.create(code="FB", genre=fiction)
    book = BookFactory(
        isbn13="9780141439518",
        title="Emma",
        subtitle="A novel",
        work=WorkFactory(title="Emma!", first_published_year=1815),
        publisher=PublisherFactory(name="Penguin"),
        series=SeriesFactory(name="Classics"),
        series_number="7",
        published_on=dt.date(2002, 5, 1),
        published_precision="MONTH",
        on_sale_on=dt.date(2002, 5, 6),
        language="fr",
        format="PAPERBACK",
        pages=480,
        price=Decimal("49.90"),
        description="Handsome, clever & rich.",
        attributes={"Dimensions": "198 × 129 mm"},
        genres=[fiction, crime],
        authors=["Jane Austen"],
    )
    BookContributor.objects.create(
        book=book, contributor=ContributorFactory(name="Vivien Jones"), role="EDITOR", position=1
    )
    InventoryFactory(book=book, branch=BranchFactory(name="Haifa"), quantity=3)
    content = message()
    assert problems(content) == []
    assert said(content) == {
        "RecordReference": ["shop.test.9780141439518"],
        "NotificationType": ["03"],
        "RecordSourceName": ["Folio & Leaf"],
        "ProductIdentifier/ProductIDType": ["03", "15"],
        "ProductIdentifier/IDValue": ["9780141439518", "9780141439518"],
        "DescriptiveDetail/ProductComposition": ["00"],
        "DescriptiveDetail/ProductForm": ["BC"],
        "DescriptiveDetail/Collection/CollectionType": ["10"],
        "DescriptiveDetail/Collection/TitleDetail/TitleType": ["01"],
        "DescriptiveDetail/Collection/TitleDetail/TitleElement/TitleElementLevel": ["02", "01"],
        "DescriptiveDetail/Collection/TitleDetail/TitleElement/TitleText": ["Classics"],
        "DescriptiveDetail/Collection/TitleDetail/TitleElement/PartNumber": ["7"],
        "DescriptiveDetail/TitleDetail/TitleType": ["01", "03"],
        "DescriptiveDetail/TitleDetail/TitleElement/TitleElementLevel": ["01", "01"],
        "DescriptiveDetail/TitleDetail/TitleElement/TitleText": ["Emma", "Emma!"],
        "DescriptiveDetail/TitleDetail/TitleElement/Subtitle": ["A novel"],
        "DescriptiveDetail/Contributor/SequenceNumber": ["1", "2"],
        "DescriptiveDetail/Contributor/ContributorRole": ["A01", "B01"],
        "DescriptiveDetail/Contributor/PersonName": ["Jane Austen", "Vivien Jones"],
        "DescriptiveDetail/Language/LanguageRole": ["01"],
        "DescriptiveDetail/Language/LanguageCode": ["fre"],
        "DescriptiveDetail/Extent/ExtentType": ["00"],
        "DescriptiveDetail/Extent/ExtentValue": ["480"],
        "DescriptiveDetail/Extent/ExtentUnit": ["03"],
        "DescriptiveDetail/Subject/SubjectSchemeIdentifier": ["93", "20", "24", "24"],
        "DescriptiveDetail/Subject/SubjectSchemeName": ["bookstore genre", "bookstore genre"],
        "DescriptiveDetail/Subject/SubjectCode": ["FB", "fiction", "noir"],
        "DescriptiveDetail/Subject/SubjectHeadingText": ["Haifa noir", "Fiction", "Haifa noir"],
        "CollateralDetail/TextContent/TextType": ["01", "03"],
        "CollateralDetail/TextContent/ContentAudience": ["00", "00"],
        "CollateralDetail/TextContent/Text": ["198 × 129 mm", "Handsome, clever & rich."],
        "CollateralDetail/TextContent/SourceTitle": ["Dimensions"],
        "PublishingDetail/Publisher/PublishingRole": ["01"],
        "PublishingDetail/Publisher/PublisherName": ["Penguin"],
        "PublishingDetail/PublishingStatus": ["04"],
        "PublishingDetail/PublishingDate/PublishingDateRole": ["01", "02", "11"],
        "PublishingDetail/PublishingDate/Date": ["200205", "20020506", "1815"],
        "RelatedMaterial/RelatedWork/WorkRelationCode": ["01"],
        "RelatedMaterial/RelatedWork/WorkIdentifier/WorkIDType": ["01"],
        "RelatedMaterial/RelatedWork/WorkIdentifier/IDTypeName": ["bookstore work"],
        "RelatedMaterial/RelatedWork/WorkIdentifier/IDValue": [f"work-{book.work_id}"],
        "ProductSupply/SupplyDetail/Supplier/SupplierRole": ["08"],
        "ProductSupply/SupplyDetail/Supplier/SupplierName": ["Folio & Leaf"],
        "ProductSupply/SupplyDetail/ProductAvailability": ["21"],
        "ProductSupply/SupplyDetail/Stock/LocationName": ["haifa"],
        "ProductSupply/SupplyDetail/Stock/OnHand": ["3"],
        "ProductSupply/SupplyDetail/Price/PriceType": ["02"],
        "ProductSupply/SupplyDetail/Price/PriceAmount": ["49.90"],
        "ProductSupply/SupplyDetail/Price/Tax/TaxType": ["01"],
        "ProductSupply/SupplyDetail/Price/Tax/TaxRatePercent": ["18"],
        "ProductSupply/SupplyDetail/Price/CurrencyCode": ["ILS"],
    }


def test_price_without_tax_says_so(settings):
    settings.PRICES_INCLUDE_TAX = False
    BookFactory()
    content = message()
    assert problems(content) == []
    found = said(content)
    assert found["ProductSupply/SupplyDetail/Price/PriceType"] == ["01"]
    assert "ProductSupply/SupplyDetail/Price/Tax/TaxType" not in found


def test_withdrawn_book_is_told_as_deleted_when_asked_for():
    book = BookFactory(deleted_at=timezone.now())
    assert b"<NoProduct/>" in message()
    content = message(with_withdrawn=True)
    assert problems(content) == []
    assert said(content) == {
        "RecordReference": [f"shop.test.{book.isbn13}"],
        "NotificationType": ["05"],
        "RecordSourceName": ["Folio & Leaf"],
        "ProductIdentifier/ProductIDType": ["03", "15"],
        "ProductIdentifier/IDValue": [book.isbn13, book.isbn13],
    }


def test_book_to_come_is_forthcoming():
    BookFactory(published_on=timezone.localdate() + dt.timedelta(days=1))
    assert said(message())["PublishingDetail/PublishingStatus"] == ["02"]
    assert Book.objects.count() == 1
