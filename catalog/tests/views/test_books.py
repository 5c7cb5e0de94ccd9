"""All books, and the short road to one by its number."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.enums import BookFormat
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory

pytestmark = pytest.mark.django_db
BROWSE = "/books/"


def titles(response):
    return re.findall(r'class="title">([^<]+)<', response.text)


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize("rows", [1, 3])
def test_browse_takes_a_constant_number_of_queries(client, rows, django_assert_num_queries):
    for number in range(rows):
        BookFactory(title=f"Book {number}", authors=["Ada Lovelace"])
    with django_assert_num_queries(5):
        response = client.get(BROWSE)
    assert len(titles(response)) == rows


@pytest.mark.req("DISC-01")
def test_browse_sorts_as_asked(client):
    BookFactory(title="Cheap", price=Decimal("1.00"))
    BookFactory(title="Dear", price=Decimal("9.00"))
    assert titles(client.get(BROWSE, {"sort": "price"})) == ["Cheap", "Dear"]
    response = client.get(BROWSE, {"sort": "-price"})
    assert titles(response) == ["Dear", "Cheap"]
    assert '<option value="-price" selected>' in response.text


@pytest.mark.req("DISC-03")
def test_browse_filters_by_stock_and_format(client):
    here = BookFactory(title="Here", format=BookFormat.PAPERBACK)
    InventoryFactory(book=here, branch=BranchFactory())
    BookFactory(title="Away", format=BookFormat.PAPERBACK)
    BookFactory(title="Hard", format=BookFormat.HARDBACK)
    assert titles(client.get(BROWSE, {"in_stock": "true"})) == ["Here"]
    both = client.get(BROWSE, {"format": ["PAPERBACK", "HARDBACK"], "sort": "title"})
    assert titles(both) == ["Away", "Hard", "Here"]
    assert '<meta name="robots" content="noindex,follow">' in both.text


@pytest.mark.req("DISC-01")
def test_pages_are_linked_with_what_was_asked_for(client):
    for number in range(50):
        BookFactory(title=f"Book {number:02d}")
    response = client.get(BROWSE, {"sort": "title", "page": 2})
    assert titles(response) == [f"Book {number:02d}" for number in range(24, 48)]
    assert '<a rel="prev" href="?sort=title">' in response.text
    assert '<a rel="next" href="?sort=title&amp;page=3">' in response.text
    assert '<link rel="canonical" href="http://testserver/books/?page=2">' in response.text
    assert "<title>All books, page 2 –" in response.text
    assert "50 books" in response.text


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize(
    ("query", "status"),
    [({"page": "99"}, 404), ({"page": "0"}, 400), ({"sort": "x"}, 400), ({"format": "x"}, 400)],
)
def test_browse_refuses_what_makes_no_sense(client, query, status):
    response = client.get(BROWSE, query)
    assert response.status_code == status
    assert "<h1>" in response.text


@pytest.mark.req("CATL-01")
def test_book_without_a_price_is_shown_and_not_for_sale(client):
    BookFactory(title="Priceless", price=None)
    response = client.get(BROWSE)
    assert titles(response) == ["Priceless"]
    assert "Not for sale yet" in response.text


@pytest.mark.req("DISC-01")
def test_empty_shop_says_so(client):
    response = client.get(BROWSE)
    assert response.status_code == 200
    assert "There are no books here yet." in response.text


@pytest.mark.req("CATL-01")
def test_titles_are_text_not_markup(client):
    BookFactory(title='<b>Bold</b> & "quoted"')
    response = client.get(BROWSE)
    assert titles(response) == ["&lt;b&gt;Bold&lt;/b&gt; &amp; &quot;quoted&quot;"]


@pytest.mark.req("DISC-02")
@pytest.mark.parametrize("spelling", ["9780141439518", "978-0-14-143951-8", "0141439513"])
def test_isbn_leads_to_the_book(client, spelling):
    book = BookFactory(isbn13="9780141439518")
    response = client.get(reverse("catalog:isbn", args=[spelling]))
    assert (response.status_code, response["Location"]) == (301, book.get_absolute_url())


@pytest.mark.req("DISC-02")
@pytest.mark.parametrize(
    ("number", "status"),
    [("9780141439518", 410), ("0-14-143951-3", 410), ("9780141439587", 404), ("x", 404)],
)
def test_isbn_of_a_withdrawn_book_is_gone_and_of_none_not_found(client, number, status):
    BookFactory(isbn13="9780141439518", deleted_at=timezone.now())
    assert client.get(reverse("catalog:isbn", args=[number])).status_code == status
