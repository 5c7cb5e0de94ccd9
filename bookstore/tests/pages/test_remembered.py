"""Pages remember their parts in Redis; nobody ever sees an old price, stock or another's token."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import Book
from catalog.services import books as book_service
from catalog.services import stock
from catalog.tests.factories import BookFactory, BranchFactory, GenreFactory, InventoryFactory
from core import caching

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-08")]


@pytest.fixture
def branch():
    return BranchFactory(name="Haifa")


@pytest.fixture
def book(branch):
    book = BookFactory(
        title="Emma", price=Decimal("40.00"), authors=["Jane Austen"], genres=[GenreFactory()]
    )
    stock.set_quantity(book_id=book.pk, branch_id=branch.pk, quantity=5, actor_id=None)
    book.refresh_from_db()
    return book


def without_token(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.text)


@pytest.mark.parametrize(("path", "first", "again"), [("book", 8, 5), ("/books/", 5, 3)])
def test_page_is_rendered_once(client, book, django_assert_num_queries, path, first, again):
    path = book.get_absolute_url() if path == "book" else path
    with django_assert_num_queries(first):
        rendered = client.get(path)
    with django_assert_num_queries(again):
        remembered = client.get(path)

    assert without_token(remembered) == without_token(rendered)


def test_price_is_the_new_one_at_once(client, book):
    """Even written past every service, without a new version: prices stand in the key."""
    pages = [book.get_absolute_url(), "/books/"]
    assert all("40.00" in client.get(page).text for page in pages)

    Book.objects.filter(pk=book.pk).update(price=Decimal("45.00"))

    for page in pages:
        text = client.get(page).text
        assert ("45.00" in text, "40.00" in text) == (True, False)


def test_stock_is_the_new_one_at_once(client, book, branch):
    assert '<td class="num">5</td>' in client.get(book.get_absolute_url()).text
    assert 'class="state ok"' in client.get("/books/").text

    stock.set_quantity(book_id=book.pk, branch_id=branch.pk, quantity=0, actor_id=None)

    assert '<td class="num">5</td>' not in client.get(book.get_absolute_url()).text
    assert 'class="state ok"' not in client.get("/books/").text


def test_other_edition_is_shown_as_it_is_now(client, book):
    other = BookFactory(work=book.work, price=Decimal("11.00"), format="EBOOK")
    assert "11.00" in client.get(book.get_absolute_url()).text

    Book.objects.filter(pk=other.pk).update(price=Decimal("12.00"))
    assert "12.00" in client.get(book.get_absolute_url()).text

    book_service.withdraw_book(book_id=other.pk, actor_id=None)
    assert "12.00" not in client.get(book.get_absolute_url()).text


def test_withdrawn_book_is_gone_though_its_page_is_remembered(client, book):
    client.get(book.get_absolute_url())
    book_service.withdraw_book(book_id=book.pk, actor_id=None)

    assert client.get(book.get_absolute_url()).status_code == 410
    assert "Emma" not in client.get("/books/").text


def test_names_around_a_book_are_those_of_now(client, book, branch):
    client.get(book.get_absolute_url())
    genre = book.genres.get()
    type(genre).objects.filter(pk=genre.pk).update(name="Comedies of manners")
    type(branch).objects.filter(pk=branch.pk).update(name="Carmel")

    text = client.get(book.get_absolute_url()).text
    assert ("Comedies of manners" in text, "Carmel" in text) == (True, True)


def test_everybody_gets_a_token_of_their_own(book):
    """A form that was remembered from somebody else's page is good for whoever sees it now."""
    tokens = []
    for _visitor in range(2):
        browser = Client(enforce_csrf_checks=True)
        text = browser.get(book.get_absolute_url()).text
        tokens += re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        form = {"book_id": book.pk, "quantity": 1, "csrfmiddlewaretoken": tokens[-1]}
        assert browser.post("/cart/lines/", form).status_code != 403

    assert len(set(tokens)) == len(tokens) == 2


@pytest.mark.usefixtures("redis_is_down")
def test_pages_are_the_same_without_redis(client, book):
    assert "40.00" in client.get(book.get_absolute_url()).text
    assert "Emma" in client.get("/books/").text


def test_change_during_an_outage_is_seen_after_it(client, book):
    """What Redis did not hear of cannot be asked for: its key names what the database says."""
    client.get(book.get_absolute_url())
    caching.patience.lose(ConnectionError())
    Book.objects.filter(pk=book.pk).update(price=Decimal("45.00"))
    caching.patience.regain()

    assert "45.00" in client.get(book.get_absolute_url()).text


def test_lists_of_the_same_books_share_nothing_but_their_books(client, book):
    InventoryFactory(book=BookFactory(title="Persuasion"), branch=BranchFactory())
    newest = client.get("/books/", {"sort": "title"}).text
    other_way = client.get("/books/", {"sort": "-title"}).text

    assert newest.index("Emma") < newest.index("Persuasion")
    assert other_way.index("Persuasion") < other_way.index("Emma")
