"""What ONIX notifications do to the catalogue: complete records, blocks, deletions (CATL-06)."""

import datetime as dt
from decimal import Decimal

import pytest

from catalog.enums import ImportState
from catalog.models import Book, DatedPrice, FeedRecord, GenreCode, ImportRun, Work
from catalog.services import books
from catalog.services.imports import runs
from catalog.tests.factories import GenreFactory
from catalog.tests.services.imports.onix import samples
from catalog.tests.services.imports.onix.samples import (
    ISBN,
    OTHER_ISBN,
    WHOLE,
    dated,
    message,
    price,
    product,
    supply,
    title_of,
)
from core.ids import uuid7
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
ACTOR = uuid7()


@pytest.fixture(autouse=True)
def _in_israel(settings):
    settings.STORE_CURRENCY, settings.STORE_COUNTRY = "ILS", "IL"
    settings.PRICES_INCLUDE_TAX = True


def bring_in(*products, fills_gaps_only=False, dry_run=False, **options):
    """Import a message; return the counts (imported, updated, unchanged, rejected) and notes."""
    file = message(*products, **options)
    run = runs.register_file(
        file=file,
        filename="feed.xml",
        actor_id=ACTOR,
        state=ImportState.CHECKING if dry_run else ImportState.APPLYING,
    )
    ImportRun.objects.filter(pk=run.pk).update(fills_gaps_only=fills_gaps_only)
    runs.go_through(run_id=run.pk, file=file)
    run.refresh_from_db()
    assert run.state == (ImportState.CHECKED if dry_run else ImportState.DONE), run.error
    ends = (run.counts[name] for name in ("imported", "updated", "unchanged", "rejected"))
    return tuple(ends), run.counts["repairs"]


def edited(book, **changes):
    """Save a book by hand as the desk does, with some facts changed."""
    draft = books.BookDraft(
        isbn=book.isbn13,
        title=book.title,
        subtitle=changes.get("subtitle", book.subtitle),
        description=book.description,
        price=changes.get("price", book.price),
        genre_ids=changes.get("genre_ids", tuple(book.genres.values_list("pk", flat=True))),
        pages=changes.get("pages", book.pages),
        work_id=book.work_id,
    )
    books.save_book(draft=draft, actor_id=ACTOR, book_id=book.pk)


def test_a_complete_record_makes_the_whole_book():
    genre = GenreFactory(name="Crime")
    GenreCode.objects.create(scheme="THEMA", code="FF", genre=genre)

    assert bring_in(product(*WHOLE)) == ((1, 0, 0, 0), {})
    book = Book.objects.get()
    assert (book.isbn13, book.title, book.price) == (ISBN, "The Lighthouse", Decimal("49.90"))
    assert [str(credit.contributor) for credit in book.credits.order_by("position")] == [
        "Åsa Öberg",
        "Lo Roth",
    ]
    assert list(book.genres.all()) == [genre]
    assert (book.on_sale_on, book.attributes["Weight"]) == (dt.date(2024, 3, 15), "195 g")
    assert (book.work.title, book.work.first_published_year) == ("Fyrtornet", 1965)
    assert FeedRecord.objects.get().book == book

    assert bring_in(product(*WHOLE)) == ((0, 0, 1, 0), {})
    assert Book.objects.get().version == 1


def test_a_complete_record_empties_what_it_leaves_out():
    bring_in(product(*WHOLE))
    assert bring_in(product(title_of("The Lighthouse"))) == ((0, 1, 0, 0), {})

    book = Book.objects.get()
    assert (book.subtitle, book.description, book.pages, book.publisher_id) == ("", "", None, None)
    assert (book.published_on, book.series_id, book.on_sale_on) == (None, None, None)
    assert (book.attributes, book.credits.count(), book.sort_author) == ({}, 0, "")
    # No other shop's price, no price of none: nobody says that it costs nothing.
    assert (book.price, book.version) == (Decimal("49.90"), 2)


def test_what_staff_wrote_by_hand_is_not_emptied():
    bring_in(product(title_of("The Lighthouse"), supply(price("10"))))
    chosen = GenreFactory()
    other = GenreFactory()
    GenreCode.objects.create(scheme="THEMA", code="FFP", genre=other)
    book = Book.objects.get()
    edited(book, subtitle="By hand", pages=99, genre_ids=(chosen.pk,))
    Book.objects.update(attributes={"Signed": "yes"})

    bring_in(product(title_of("The Lighthouse"), supply(price("10"))))
    book.refresh_from_db()
    assert (book.subtitle, book.pages, book.attributes) == ("By hand", 99, {"Signed": "yes"})

    bring_in(product(*WHOLE))
    book.refresh_from_db()
    assert (book.subtitle, book.pages) == ("A story of the sea", 280)
    assert list(book.genres.all()) == [chosen]
    assert book.attributes["Signed"] == "yes"


def test_genres_of_an_earlier_feed_follow_the_later_one():
    crime, sea = GenreFactory(), GenreFactory()
    GenreCode.objects.create(scheme="THEMA", code="FFP", genre=crime)
    bring_in(product(*WHOLE))
    GenreCode.objects.all().delete()
    assert bring_in(product(*WHOLE))[0] == (0, 0, 1, 0)
    assert list(Book.objects.get().genres.all()) == [crime]

    GenreCode.objects.create(scheme="THEMA", code="FFP", genre=sea)
    assert bring_in(product(*WHOLE))[0] == (0, 1, 0, 0)
    assert list(Book.objects.get().genres.all()) == [sea]


def test_the_genre_above_another_one_says_nothing_more():
    fiction = GenreFactory()
    crime = GenreFactory(parent=fiction)
    GenreCode.objects.create(scheme="THEMA", code="FYT", genre=fiction)
    GenreCode.objects.create(scheme="THEMA", code="FFP", genre=crime)
    bring_in(product(*WHOLE))
    assert list(Book.objects.get().genres.all()) == [crime]


def test_a_block_update_replaces_only_the_blocks_it_brings():
    bring_in(product(*WHOLE))
    assert bring_in(product(supply(price("59.90"), availability="31"), kind="04")) == (
        (0, 1, 0, 0),
        {},
    )
    book = Book.objects.get()
    assert (book.title, book.subtitle, book.pages) == ("The Lighthouse", "A story of the sea", 280)
    assert (book.price, book.attributes["Availability"]) == (Decimal("59.90"), "Out of stock")
    assert book.attributes["Publishing status"] == "Out of print"

    bring_in(product("<CollateralDetail/>", "<PublishingDetail/>", kind="04"))
    book.refresh_from_db()
    assert (book.description, book.publisher_id, book.published_on) == ("", None, None)
    assert (book.subtitle, book.price) == ("A story of the sea", Decimal("59.90"))
    assert "Publishing status" not in book.attributes


def test_a_block_update_may_go_by_the_reference_alone():
    bring_in(product(*WHOLE))
    assert bring_in(product(supply(price("59.90")), kind="04", isbn=""))[0] == (0, 1, 0, 0)
    assert Book.objects.get().price == Decimal("59.90")


def test_an_update_of_an_unknown_book_needs_a_title():
    update = product(supply(price("59.90")), kind="04")
    assert bring_in(update)[0] == (0, 0, 0, 1)
    assert Book.objects.count() == 0
    assert bring_in(product(*WHOLE, kind="04")) == ((1, 0, 0, 0), {"UPDATE_OF_UNKNOWN_BOOK": 1})
    assert Book.objects.count() == 1


@pytest.mark.parametrize("isbn", [ISBN, ""])
def test_a_deletion_withdraws_the_book(isbn):
    bring_in(product(*WHOLE))
    assert bring_in(product(kind="05", isbn=isbn)) == ((0, 1, 0, 0), {})

    book = Book.objects.get()
    assert (book.deleted_at is not None, book.version) == (True, 2)
    entry = AuditEntry.objects.get(action="book.withdrawn")
    assert (entry.entity_id, entry.actor_id) == (str(book.pk), ACTOR)
    assert bring_in(product(kind="05", isbn=isbn))[0] == (0, 0, 1, 0)
    # A book that was withdrawn comes back by hand only.
    assert bring_in(product(*WHOLE))[0] == (0, 0, 0, 1)


@pytest.mark.parametrize("isbn", [OTHER_ISBN, ""])
def test_deleting_an_unknown_book_is_a_note(isbn):
    bring_in(product(*WHOLE))
    gone = product(kind="05", isbn=isbn, reference="nobody")
    assert bring_in(gone) == ((0, 0, 1, 0), {"UNKNOWN_BOOK_DELETED": 1})
    assert Book.objects.get().deleted_at is None


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("88", "TEST"),
        ("89", "TEST"),
        ("08", "SOLD_TO_ANOTHER_PUBLISHER"),
        ("13", "MARKETS_ONLY"),
    ],
)
def test_tests_and_news_change_nothing(kind, note):
    bring_in(product(title_of("Before")))
    found = bring_in(product(title_of("After"), kind=kind), product(kind=kind, isbn=""))
    assert found == ((0, 0, 2, 0), {note: 2})
    assert (Book.objects.get().title, Work.objects.count()) == ("Before", 1)


@pytest.mark.parametrize("kind", ["01", "02", "03", "09"])
def test_every_stage_of_a_book_is_taken_in(kind):
    assert bring_in(product(*WHOLE, kind=kind))[0] == (1, 0, 0, 0)


@pytest.mark.parametrize("kind", ["12", "14"])
def test_old_offers_change_prices_only(kind):
    bring_in(product(*WHOLE))
    offer = samples.product(kind=kind).replace(
        "</Product>",
        "<Title><TitleType>01</TitleType><TitleText>Other</TitleText></Title><SupplyDetail><Price>"
        "<PriceTypeCode>02</PriceTypeCode><PriceAmount>12</PriceAmount><CurrencyCode>ILS"
        "</CurrencyCode></Price></SupplyDetail></Product>",
    )
    assert bring_in(offer, release="2.1")[0] == (0, 1, 0, 0)
    book = Book.objects.get()
    assert (book.title, book.price, book.pages) == ("The Lighthouse", Decimal(12), 280)


def test_messages_are_taken_in_their_order():
    first, second = product(title_of("First")), product(title_of("Second"))
    assert bring_in(first, second, product(kind="05", isbn=""))[0] == (1, 2, 0, 0)
    book = Book.objects.get()
    assert (book.title, book.deleted_at is not None) == ("Second", True)


def test_a_dry_run_keeps_nothing():
    assert bring_in(product(*WHOLE), product(kind="05"), dry_run=True)[0][0] == 1
    assert (Book.objects.count(), FeedRecord.objects.count()) == (0, 0)


def test_a_reference_goes_to_the_book_it_was_last_used_for():
    bring_in(product(*WHOLE))
    bring_in(product(title_of("Corrected"), isbn=OTHER_ISBN))
    assert FeedRecord.objects.get().book.isbn13 == OTHER_ISBN


def test_filling_gaps_keeps_every_fact_that_is_there():
    bring_in(product(title_of("Ours"), supply(price("10"))))
    book = Book.objects.get()
    Book.objects.update(attributes={"Weight": "1 kg"}, description="Ours, too")
    found = bring_in(
        product(*WHOLE[:4], supply(dated("20", "20200101"))),
        product(kind="05"),
        fills_gaps_only=True,
    )
    assert found == ((0, 1, 1, 0), {"DELETION_LEFT_OUT": 1})
    book.refresh_from_db()
    assert (book.title, book.price, book.description) == ("Ours", Decimal(10), "Ours, too")
    assert (book.subtitle, book.pages) == ("A story of the sea", 280)
    assert (book.attributes["Weight"], book.attributes["Edition"]) == ("1 kg", "3")
    assert DatedPrice.objects.count() == 0

    assert bring_in(product(title_of("Theirs")), fills_gaps_only=True)[0] == (0, 0, 1, 0)
    book.refresh_from_db()
    assert book.pages == 280


def test_prices_of_other_days_are_kept_and_replaced():
    both = supply(price("40"), dated("30", "20200101", "20200201"), dated("50", "29990101"))
    bring_in(product(title_of("A"), both))
    assert Book.objects.get().price == Decimal(40)
    assert DatedPrice.objects.count() == 3
    assert bring_in(product(title_of("A"), both))[0] == (0, 0, 1, 0)

    bring_in(product(title_of("A"), supply(price("10", currency="EUR"))))
    assert DatedPrice.objects.count() == 3
    bring_in(product(title_of("A"), supply(price("41"))))
    assert (Book.objects.get().price, DatedPrice.objects.count()) == (Decimal(41), 0)


def test_editions_of_a_work_are_joined():
    paperback = product(*WHOLE)
    hardback = product(
        samples.DESCRIPTIVE.replace(">BC<", ">BB<"),
        samples.RELATED,
        isbn=OTHER_ISBN,
        reference="com.example.harbour.2",
    )
    bring_in(paperback, hardback)
    assert Work.objects.get().editions.count() == 2
