"""The page of one book."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.enums import BookFormat, DatePrecision
from catalog.tests.factories import (
    BookFactory,
    BranchFactory,
    GenreFactory,
    InventoryFactory,
    PublisherFactory,
    SeriesFactory,
    WorkFactory,
)
from engagement.tests.factories import StaffPickFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-05")]


def stocked(quantity, **fields):
    book = BookFactory(**fields)
    InventoryFactory(book=book, branch=BranchFactory(name="Haifa"), quantity=quantity)
    return book


def structured(response):
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    return json.loads(data)["@graph"]


@pytest.mark.parametrize("rows", [1, 3])
def test_book_takes_a_constant_number_of_queries(client, rows, django_assert_num_queries):
    book = stocked(5, authors=["Ada Lovelace"], genres=[GenreFactory()])
    for number in range(rows):
        BookFactory(title=f"More {number}", authors=["Ada Lovelace"])
        BookFactory(work=book.work)
        InventoryFactory(book=book, branch=BranchFactory())
        StaffPickFactory(book=book, bookseller=f"Bookseller {number}")
    with django_assert_num_queries(8):
        response = client.get(book.get_absolute_url())
    assert response.status_code == 200
    assert response.text.count('<li class="card">') == rows


def test_book_says_what_it_is(client):
    book = stocked(
        5,
        title="The Colour of Magic",
        subtitle="A Novel",
        isbn13="9780552166591",
        work=WorkFactory(first_published_year=-20),
        authors=["Terry Pratchett"],
        series=SeriesFactory(name="Discworld"),
        series_number="1",
        publisher=PublisherFactory(name="Corgi"),
        published_on=date(2012, 6, 1),
        published_precision=DatePrecision.MONTH,
        format=BookFormat.PAPERBACK,
        pages=288,
        description="A wizard.\n\nA tourist.",
    )
    text = client.get(book.get_absolute_url()).text
    for part in (
        "<title>The Colour of Magic by Terry Pratchett –",
        '<p class="subtitle">A Novel</p>',
        "Book 1 of Discworld",
        "978-0-552-16659-1",
        "<dd>288</dd>",
        "<dd>Corgi</dd>",
        '<time datetime="2012-06">June 2012</time>',
        "<dd>20 BC</dd>",
        "<p>A wizard.</p>\n\n<p>A tourist.</p>",
        'alt="Cover of The Colour of Magic"',
    ):
        assert part in text


@pytest.mark.parametrize(
    ("quantity", "sentence", "buttons"),
    [(9, "In stock", 1), (3, "Last 3 copies", 1), (1, "Last copy", 1), (0, "Out of stock", 0)],
)
def test_buy_box_tells_the_stock(client, quantity, sentence, buttons):
    book = stocked(quantity) if quantity else BookFactory()
    text = client.get(book.get_absolute_url()).text
    assert sentence in re.sub(r"\s+", " ", text)
    assert text.count("Add to cart") == buttons


def test_as_many_copies_can_be_chosen_as_there_are(client):
    text = client.get(stocked(2).get_absolute_url()).text
    assert re.findall(r"<option>(\d+)</option>", text) == ["1", "2"]


def test_book_form_adds_to_the_cart(client):
    book = stocked(1)
    text = client.get(book.get_absolute_url()).text
    assert f'<form method="post" action="{reverse("commerce:cart-lines")}">' in text
    assert f'<input type="hidden" name="book_id" value="{book.pk}">' in text
    assert '<input type="hidden" name="quantity" value="1">' in text


@pytest.mark.req("CATL-01")
def test_book_without_a_price_cannot_be_bought(client):
    response = client.get(stocked(5, price=None).get_absolute_url())
    assert "no price for this book yet" in response.text
    assert "Add to cart" not in response.text
    assert "offers" not in structured(response)[0]


def test_availability_names_each_branch(client):
    book = stocked(4)
    InventoryFactory(book=book, branch=BranchFactory(name="Hub", is_warehouse=True), quantity=2)
    BranchFactory(name="Jaffa")
    text = client.get(book.get_absolute_url()).text
    rows = re.findall(r'<th scope="row">(\w+).*?<td class="num">(?:<[^>]+>)?(\w+)', text)
    assert rows == [("Hub", "2"), ("Haifa", "4"), ("Jaffa", "none")]


@pytest.mark.req("CATL-09")
def test_other_editions_tell_what_they_are_cost_and_where(client):
    book = stocked(5, title="Emma", format=BookFormat.PAPERBACK, subtitle="A Novel")
    french = BookFactory(
        work=book.work,
        title="Emma, roman",
        format=BookFormat.HARDBACK,
        price=Decimal("99.00"),
        language="fr",
        publisher=PublisherFactory(name="Gallimard"),
        published_on=date(2012, 6, 1),
    )
    bare = BookFactory(work=book.work, title="Emma", language="", price=None)
    withdrawn = BookFactory(work=book.work, deleted_at=timezone.now())

    text = client.get(book.get_absolute_url()).text

    section = text.partition('id="editions">')[2].partition("</section>")[0]
    shown = " ".join(re.sub(r"<[^>]+>", " ", section).replace("&nbsp;", " ").split())
    assert shown == (
        "Other editions"
        " Hardback (French) Emma, roman · 2012, Gallimard ₪99.00 · Out of stock"
        " Emma Not for sale yet"
    )
    for other in (french, bare):
        assert f'<a href="{other.get_absolute_url()}">' in section
    assert withdrawn.get_absolute_url() not in text
    for other, here in ((french, book), (book, french)):
        again = client.get(here.get_absolute_url()).text
        assert f'<link rel="canonical" href="http://testserver{here.get_absolute_url()}">' in again
        assert f'<a href="{other.get_absolute_url()}">' in again


@pytest.mark.req("ENGM-06")
def test_picks_stand_beside_the_book(client):
    book = stocked(5)
    StaffPickFactory(book=book, note="Read it <twice>.", bookseller="Noa")
    text = client.get(book.get_absolute_url()).text
    assert "<p>Read it &lt;twice&gt;.</p><footer>Noa</footer>" in text


def test_old_address_leads_to_the_canonical_one(client):
    book = BookFactory()
    response = client.get(f"/books/old-title-{book.pk}/")
    assert (response.status_code, response["Location"]) == (301, book.get_absolute_url())


@pytest.mark.req("CATL-01")
def test_withdrawn_book_is_gone(client):
    book = BookFactory(deleted_at=timezone.now())
    response = client.get(book.get_absolute_url())
    assert response.status_code == 410
    assert "This book is no longer in our catalogue." in response.text


def test_unknown_book_is_not_found(client):
    assert client.get("/books/nothing-1/").status_code == 404


@pytest.mark.req("DISC-06")
def test_structured_data_describes_book_offer_and_way(client):
    book = stocked(
        5, title="</script><b>", isbn13="9780552166591", authors=["Ada"], genres=[GenreFactory()]
    )
    response = client.get(book.get_absolute_url())
    data, breadcrumb = structured(response)
    assert data["@type"] == ["Book", "Product"]
    assert (data["name"], data["isbn"], data["gtin13"]) == (
        "</script><b>",
        "9780552166591",
        "9780552166591",
    )
    assert data["author"][0]["name"] == "Ada"
    assert data["offers"]["price"] == "40.00"
    assert data["offers"]["priceCurrency"] == "ILS"
    assert data["offers"]["availability"] == "https://schema.org/InStock"
    assert [step["position"] for step in breadcrumb["itemListElement"]] == [1, 2, 3]
    canonical = f"http://testserver{book.get_absolute_url()}"
    assert data["url"] == canonical
    assert f'<link rel="canonical" href="{canonical}">' in response.text
    assert f'<meta property="og:url" content="{canonical}">' in response.text


def coming(**facts):
    return stocked(5, title="Emma", **facts)


MARCH = date(2127, 3, 3)


@pytest.mark.req("CATL-10")
@pytest.mark.parametrize(
    ("facts", "sentence", "button", "availability", "starts"),
    [
        (
            {"published_on": MARCH},
            "Out on 3 March 2127. You can order it from that day.",
            None,
            "OutOfStock",
            "2127-03-03",
        ),
        (
            {"published_on": date(2127, 3, 1), "published_precision": "MONTH"},
            "Out in March 2127. You can order it from then.",
            None,
            "OutOfStock",
            "2127-03-01",
        ),
        (
            {"published_on": MARCH, "is_preorder_allowed": True},
            "Out on 3 March 2127. You can pre-order it.",
            "Pre-order",
            "PreOrder",
            "2127-03-03",
        ),
        (
            {"on_sale_on": MARCH, "is_preorder_allowed": True},
            "On sale from 3 March 2127. Until then nobody may sell it.",
            None,
            "OutOfStock",
            "2127-03-03",
        ),
        (
            {"published_on": date(2020, 3, 3), "on_sale_on": date(2020, 3, 3)},
            "In stock",
            "Add to cart",
            "InStock",
            None,
        ),
    ],
)
def test_page_says_when_a_book_is_out_and_sold(
    client, facts, sentence, button, availability, starts
):
    response = client.get(coming(**facts).get_absolute_url())
    assert f">{sentence}</p>" in response.text
    buttons = re.findall(r'<button class="btn">([^<]+)</button>', response.text)
    assert buttons == ["Search", *([button] if button else [])]
    assert "₪40.00" in response.text.replace("\xa0", "")
    offer = structured(response)[0]["offers"]
    assert offer["availability"] == f"https://schema.org/{availability}"
    assert offer.get("availabilityStarts") == starts


@pytest.mark.req("CATL-10")
def test_lists_say_from_when_a_book_is_sold(client):
    coming(on_sale_on=MARCH)
    assert 'wait">from 3 March 2127</span>' in client.get("/books/").text
    assert "Emma" not in client.get("/books/?in_stock=on").text.partition("<main")[2]


@pytest.mark.req("CATL-01")
def test_more_facts_stand_among_the_details(client):
    book = stocked(1, attributes={"Dimensions": "198 × 129 mm", "<b>": "<script>"})
    text = client.get(book.get_absolute_url()).text
    assert "<dt>Dimensions</dt><dd>198 × 129 mm</dd>" in text
    assert "<dt>&lt;b&gt;</dt><dd>&lt;script&gt;</dd>" in text
