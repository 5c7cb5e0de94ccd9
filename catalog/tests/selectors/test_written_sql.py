"""SQL that is written down (core.rows) answers as the ORM does, on a catalogue of every kind."""

import datetime as dt

import pytest
from django.db.models import Q, Sum
from django.utils import timezone

from catalog.enums import ContributorRole
from catalog.models import Book, BookContributor, BookGenre, Branch, Inventory
from catalog.selectors import book_pages, book_records, books, offers
from catalog.selectors.books import CARD_FIELDS
from catalog.tests.factories import (
    BookFactory,
    BranchFactory,
    ContributorFactory,
    GenreFactory,
    InventoryFactory,
    PublisherFactory,
    SeriesFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-01")]
OPEN = Q(branch__is_active=True, branch__deleted_at__isnull=True)


@pytest.fixture
def ids():
    """Books with everything, with nothing, and withdrawn; stock in branches of every state."""
    genres = [GenreFactory(), GenreFactory(deleted_at=timezone.now()), GenreFactory()]
    full = BookFactory(
        authors=["Zoe Last", "Ada First"],
        genres=reversed(genres),
        publisher=PublisherFactory(),
        series=SeriesFactory(),
        series_number="2",
        published_on=dt.date(1999, 5, 1),
        published_precision="MONTH",
        pages=321,
        format="PAPERBACK",
        description="Long.",
        subtitle="Short",
        version=7,
    )
    BookContributor.objects.create(
        book=full, contributor=ContributorFactory(), role=ContributorRole.EDITOR, position=0
    )
    bare = BookFactory(price=None, language="")
    withdrawn = BookFactory(deleted_at=timezone.now(), authors=["Ada First"], genres=genres[:1])
    branches = [
        BranchFactory(name="B", is_warehouse=True),
        BranchFactory(name="C"),
        BranchFactory(name="A"),
        BranchFactory(is_active=False),
        BranchFactory(deleted_at=timezone.now()),
    ]
    for copies, branch in enumerate(branches, start=1):
        InventoryFactory(book=full, branch=branch, quantity=copies)
        InventoryFactory(book=withdrawn, branch=branch, quantity=copies)
    return [bare.pk, withdrawn.pk, full.pk]


def credits_by_orm(book_id):
    rows = BookContributor.objects.filter(book=book_id).order_by("position", "pk")
    return [(row.contributor_id, row.contributor.name, row.role) for row in rows]


def copies_by_orm(book_id):
    rows = Inventory.objects.filter(OPEN, book=book_id)
    return rows.aggregate(copies=Sum("quantity", default=0))["copies"]


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        (books.cards_by_ids, Book.objects.listed()),
        (books.cards_even_withdrawn, Book.objects.all()),
        (book_records.records_by_ids, Book.objects.listed()),
        (book_records.records_even_withdrawn, Book.objects.all()),
    ],
)
def test_cards_and_records_are_the_books_columns_and_credits(ids, read, wanted):
    found = wanted.in_bulk(ids)
    shown = read(ids)

    assert [card.id for card in shown] == [id_ for id_ in ids if id_ in found]
    for card in shown:
        assert {name: getattr(card, name) for name in CARD_FIELDS} == {
            name: getattr(found[card.id], name) for name in CARD_FIELDS
        }
        assert [(c.id, c.name, c.role) for c in card.credits] == credits_by_orm(card.id)


def test_records_have_names_genres_and_copies_as_the_rows_around_a_book_say(ids):
    for record in book_records.records_even_withdrawn(ids):
        book = Book.objects.select_related("publisher", "series").get(pk=record.id)
        links = BookGenre.objects.filter(book=book, genre__deleted_at__isnull=True).order_by("pk")
        assert (record.description, record.pages) == (book.description, book.pages)
        assert record.publisher == (book.publisher.name if book.publisher else None)
        assert record.series == (book.series.name if book.series else None)
        assert (record.series_id, record.series_number) == (book.series_id, book.series_number)
        assert [(g.id, g.name, g.slug, g.parent_id) for g in record.genres] == [
            (link.genre_id, link.genre.name, link.genre.slug, link.genre.parent_id)
            for link in links
        ]
        assert record.stock_quantity == copies_by_orm(book.pk)


def test_offers_are_price_state_and_copies(ids):
    found = Book.objects.in_bulk(ids)

    assert {
        id_: (offer.title, offer.price, offer.deleted_at, offer.available)
        for id_, offer in offers.offers_by_ids(ids).items()
    } == {
        id_: (book.title, book.price, book.deleted_at, copies_by_orm(id_))
        for id_, book in found.items()
    }


def test_page_shows_every_open_branch_and_the_record(ids):
    bare, _withdrawn, full = ids
    active = Branch.objects.active().order_by("-is_warehouse", "name", "pk")
    for id_ in (bare, full):
        page = book_pages.book_page(id_)
        stock = dict(Inventory.objects.filter(book=id_).values_list("branch_id", "quantity"))
        assert [(b.id, b.name, b.slug, b.is_warehouse, b.quantity) for b in page.availability] == [
            (b.pk, b.name, b.slug, b.is_warehouse, stock.get(b.pk, 0)) for b in active
        ]
        assert [page.book] == book_records.records_by_ids([id_])
