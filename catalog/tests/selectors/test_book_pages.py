from datetime import date

import pytest
from django.utils import timezone

from catalog.enums import BookFormat, ContributorRole
from catalog.errors import BookNotFound, BookWithdrawn
from catalog.models import BookContributor
from catalog.selectors import book_pages
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

pytestmark = pytest.mark.django_db


def _volume(series, number, **fields):
    return BookFactory(series=series, series_number=number, title=f"Volume {number}", **fields)


@pytest.mark.req("DISC-05")
def test_book_page_tells_everything_about_the_book():
    fiction = GenreFactory(name="Fiction")
    fantasy = GenreFactory(name="Fantasy", parent=fiction)
    epic = GenreFactory(name="Epic", parent=fantasy)
    humour = GenreFactory(name="Humour")
    book = BookFactory(
        title="The Colour of Magic",
        work=WorkFactory(title="The Colour of Magic", first_published_year=1983),
        publisher=PublisherFactory(name="Corgi"),
        published_on=date(1985, 1, 1),
        format=BookFormat.PAPERBACK,
        pages=288,
        description="A wizard and a tourist.",
        authors=["Terry Pratchett"],
        genres=[epic, humour],
    )
    BookContributor.objects.create(
        book=book,
        contributor=ContributorFactory(name="Josh Kirby"),
        role=ContributorRole.ILLUSTRATOR,
        position=1,
    )
    shop = BranchFactory(name="Haifa")
    BranchFactory(name="Akko")
    warehouse = BranchFactory(name="Warehouse", is_warehouse=True)
    closed = BranchFactory(name="Closed", is_active=False)
    InventoryFactory(book=book, branch=shop, quantity=2)
    InventoryFactory(book=book, branch=warehouse, quantity=5)
    InventoryFactory(book=book, branch=closed, quantity=9)

    page = book_pages.book_page(book.pk)

    assert page.book.title == "The Colour of Magic"
    assert page.book.publisher == "Corgi"
    assert page.book.pages == 288
    assert page.book.description == "A wizard and a tourist."
    assert page.book.is_in_stock is True
    assert page.book.stock_quantity == 7
    assert page.first_published_year == 1983
    assert [(c.name, c.role) for c in page.book.credits] == [
        ("Terry Pratchett", "AUTHOR"),
        ("Josh Kirby", "ILLUSTRATOR"),
    ]
    assert page.book.byline == "Terry Pratchett"
    assert [genre.name for genre in page.book.genres] == ["Epic", "Humour"]
    assert [genre.name for genre in page.breadcrumb] == ["Fiction", "Fantasy", "Epic"]
    assert [(b.name, b.is_warehouse, b.quantity) for b in page.availability] == [
        ("Warehouse", True, 5),
        ("Akko", False, 0),
        ("Haifa", False, 2),
    ]


@pytest.mark.req("CATL-09")
def test_book_page_lists_every_listed_edition_of_the_work():
    work = WorkFactory()
    paperback = BookFactory(work=work, format=BookFormat.PAPERBACK)
    hardback = BookFactory(work=work, format=BookFormat.HARDBACK)
    BookFactory(work=work, format=BookFormat.EBOOK, deleted_at=timezone.now())
    BookFactory()

    page = book_pages.book_page(paperback.pk)

    assert [card.id for card in page.editions] == [hardback.pk, paperback.pk]


@pytest.mark.req("DISC-05")
def test_book_page_leads_to_the_neighbours_in_the_series():
    series = SeriesFactory()
    tenth = _volume(series, "10")
    second = _volume(series, "2")
    _volume(series, "1")
    between = _volume(series, "2.5")
    BookFactory(work=second.work, series=series, series_number="2", format=BookFormat.EBOOK)
    _volume(series, "11", deleted_at=timezone.now())

    page = book_pages.book_page(between.pk)

    assert page.previous.id == second.pk
    assert page.next.id == tenth.pk
    assert book_pages.book_page(tenth.pk).next is None


@pytest.mark.req("DISC-05")
def test_book_page_offers_more_by_the_author_one_edition_of_each_work():
    book = BookFactory(authors=["Tove Jansson"])
    BookFactory(work=book.work, authors=["Tove Jansson"])
    BookFactory(authors=["Somebody Else"])
    old = BookFactory(authors=["Tove Jansson"], published_on=date(1957, 1, 1))
    BookFactory(work=old.work, authors=["Tove Jansson"], published_on=date(1950, 1, 1))
    new = BookFactory(authors=["Tove Jansson"], published_on=date(1972, 1, 1))
    in_stock = BookFactory(authors=["Tove Jansson"])
    InventoryFactory(book=in_stock)

    page = book_pages.book_page(book.pk)

    assert [card.id for card in page.more_by_author] == [in_stock.pk, new.pk, old.pk]
    assert page.author.name == "Tove Jansson"


@pytest.mark.req("DISC-05")
def test_book_page_of_a_bare_book_is_whole():
    page = book_pages.book_page(BookFactory(price=None).pk)

    assert page.book.is_for_sale is False
    assert (page.author, page.previous, page.next) == (None, None, None)
    assert (page.breadcrumb, page.availability, page.more_by_author) == ([], [], [])


@pytest.mark.req("CATL-01")
def test_book_page_of_a_withdrawn_book_says_so():
    book = BookFactory(deleted_at=timezone.now())

    with pytest.raises(BookWithdrawn):
        book_pages.book_page(book.pk)
    with pytest.raises(BookNotFound):
        book_pages.book_page(book.pk + 1)


@pytest.mark.req("DISC-02")
def test_book_page_is_found_by_any_spelling_of_its_isbn():
    book = BookFactory(isbn13="9780306406157")

    for isbn in ("9780306406157", "978-0-306-40615-7", "0306406152", "0-306-40615-2"):
        assert book_pages.book_page_by_isbn(isbn).book.id == book.pk
    for isbn in ("9780306406158", "9780439023481", "abc", ""):
        with pytest.raises(BookNotFound):
            book_pages.book_page_by_isbn(isbn)


@pytest.mark.req("DISC-05")
@pytest.mark.parametrize("rows", [1, 3])
def test_book_page_takes_seven_queries(rows, django_assert_num_queries):
    series, work = SeriesFactory(), WorkFactory()
    book = BookFactory(
        work=work, series=series, series_number="0", authors=[f"A{n}" for n in range(rows)]
    )
    for n in range(rows):
        genre = GenreFactory(parent=GenreFactory())
        BookFactory(work=work, authors=["A0"], genres=[genre])
        book.genres.add(genre)
        _volume(series, str(n + 1), authors=["A0"])
        InventoryFactory(book=book)

    with django_assert_num_queries(7):
        book_pages.book_page(book.pk)
