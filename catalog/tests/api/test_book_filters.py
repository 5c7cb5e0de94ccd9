from datetime import date
from decimal import Decimal

import pytest

from catalog.enums import BookFormat, ContributorRole
from catalog.models import Book, BookContributor
from catalog.services import search_index
from catalog.tests.factories import (
    BookFactory,
    BranchFactory,
    ContributorFactory,
    GenreFactory,
    InventoryFactory,
    PublisherFactory,
)

pytestmark = pytest.mark.django_db


def _ids(response):
    assert response.status_code == 200, response.content
    return [book["id"] for book in response.json()["data"]]


def _ask(api, **query):
    return api.get("books", query=query)


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize("sort", ["newest", "title", "-title", "author", "price", "-price"])
def test_every_order_walks_all_pages_without_doubles_or_gaps(api, sort):
    for n in range(23):
        BookFactory(
            title=f"Same {n % 2}",
            authors=[f"Author {n % 3}"] if n % 4 else [],
            price=None if n % 5 == 0 else Decimal(10 + n % 3),
            published_on=None if n % 6 == 0 else date(2000 + n % 2, 1, 1),
        )

    walked = [
        book for page in range(1, 6) for book in _ids(_ask(api, sort=sort, size=5, page=page))
    ]

    assert sorted(walked) == sorted(Book.objects.values_list("id", flat=True))
    assert walked == _ids(_ask(api, sort=sort, size=100))


@pytest.mark.req("DISC-01")
def test_orders_are_what_they_say(api):
    b = BookFactory(
        title="The Beta", authors=["Zoe Adams"], price=Decimal(20), published_on=date(2001, 1, 1)
    )
    a = BookFactory(
        title="Álpha", authors=["Ann Young"], price=Decimal(30), published_on=date(2003, 1, 1)
    )
    c = BookFactory(title="gamma", authors=["Ben Moss"], price=None)

    orders = {
        "newest": [a, b, c],
        "title": [a, b, c],
        "-title": [c, b, a],
        "author": [b, c, a],
        "price": [b, a, c],
        "-price": [a, b, c],
        "relevance": [a, b, c],
    }
    for sort, expected in orders.items():
        assert _ids(_ask(api, sort=sort)) == [book.pk for book in expected], sort
    assert _ids(_ask(api)) == [a.pk, b.pk, c.pk]


@pytest.mark.req("DISC-03")
def test_filters_narrow_alone_and_together(api):
    fiction = GenreFactory(name="Fiction")
    fantasy = GenreFactory(name="Fantasy", parent=GenreFactory(name="Strange", parent=fiction))
    shop, other = BranchFactory(name="Haifa"), BranchFactory(name="Akko")
    one = BookFactory(
        authors=["Ursula K. Le Guin"],
        genres=[fantasy],
        publisher=PublisherFactory(name="Ace"),
        language="en",
        format=BookFormat.PAPERBACK,
        price=Decimal("20.00"),
        published_on=date(1968, 12, 31),
    )
    two = BookFactory(
        authors=["Tove Jansson"],
        genres=[fiction],
        publisher=PublisherFactory(name="Sort of"),
        language="sv",
        format=BookFormat.HARDBACK,
        price=Decimal("30.00"),
        published_on=date(1969, 1, 1),
    )
    three = BookFactory(language="", price=None, genres=[GenreFactory(name="Maps")])
    translated = ContributorFactory(name="Thomas Teal")
    BookContributor.objects.create(
        book=two, contributor=translated, role=ContributorRole.TRANSLATOR, position=1
    )
    InventoryFactory(book=one, branch=shop)
    InventoryFactory(book=two, branch=other)
    InventoryFactory(book=three, branch=other, quantity=0)
    le_guin = one.credits.get().contributor

    cases = [
        ({"genre": "fiction"}, [one, two]),
        ({"genre": fiction.pk}, [one, two]),
        ({"genre": "strange"}, [one]),
        ({"genre": ["fantasy", "maps"]}, [one, three]),
        ({"genre": "nowhere"}, []),
        ({"author": le_guin.pk}, [one]),
        ({"author": ["tove-jansson", str(le_guin.pk)]}, [one, two]),
        ({"author": translated.pk}, []),
        ({"publisher": "ace"}, [one]),
        ({"publisher": [str(one.publisher_id), "sort-of"]}, [one, two]),
        ({"language": "sv"}, [two]),
        ({"language": ["sv", "en"]}, [one, two]),
        ({"format": "HARDBACK"}, [two]),
        ({"price_min": "20"}, [one, two]),
        ({"price_min": "20.01"}, [two]),
        ({"price_max": "30"}, [one]),
        ({"price_min": "20", "price_max": "30.01"}, [one, two]),
        ({"year_min": 1969}, [two]),
        ({"year_max": 1968}, [one]),
        ({"in_stock": "true"}, [one, two]),
        ({"in_stock": "false"}, [three]),
        ({"branch": "haifa"}, [one]),
        ({"branch": [shop.pk, other.pk]}, [one, two]),
        ({"branch": "haifa", "in_stock": "false"}, [two, three]),
        ({"genre": "fiction", "language": "sv", "in_stock": "true", "price_min": 1}, [two]),
        ({"genre": "fiction", "language": "sv", "branch": "haifa"}, []),
        ({"genre": "", "q": "", "price_min": "", "sort": "", "page": ""}, [one, two, three]),
    ]
    for query, expected in cases:
        assert sorted(_ids(_ask(api, **query))) == [book.pk for book in expected], query


@pytest.mark.req("DISC-02")
def test_words_go_together_with_filters_and_orders(api):
    fiction = GenreFactory(name="Fiction")
    cheap = BookFactory(title="Emma and more", price=Decimal(10), genres=[fiction])
    dear = BookFactory(title="Emma", price=Decimal(90), genres=[fiction])
    elsewhere = BookFactory(title="Emma elsewhere", price=Decimal(50))
    BookFactory(title="Other", genres=[fiction])
    search_index.index_books(Book.objects.values_list("id", flat=True))

    assert _ids(_ask(api, q="emma", genre="fiction")) == [dear.pk, cheap.pk]
    assert _ids(_ask(api, q="emma", sort="price")) == [cheap.pk, elsewhere.pk, dear.pk]
    assert _ids(_ask(api, q="emma", genre="fiction", sort="price")) == [cheap.pk, dear.pk]
    assert _ids(_ask(api, q="emma", price_max=50)) == [cheap.pk]


@pytest.mark.req("DISC-02")
def test_nothing_found_is_an_empty_list(api):
    BookFactory(title="Emma")

    for words in ("zzz", "!!!", "' OR 1=1 --", "x" * 5_000, '"'):
        body = _ask(api, q=words).json()
        assert (body["data"], body["pagination"]["total"]) == ([], 0)


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"size": 0}, "size"),
        ({"size": 101}, "size"),
        ({"size": 10**9}, "size"),
        ({"page": 0}, "page"),
        ({"page": -1}, "page"),
        ({"page": "abc"}, "page"),
        ({"page": "1.5"}, "page"),
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": 10**9}, "offset"),
        ({"sort": "isbn13"}, "sort"),
        ({"sort": "bestselling; DROP TABLE"}, "sort"),
        ({"price_min": "cheap"}, "price_min"),
        ({"price_min": "-1"}, "price_min"),
        ({"price_min": "NaN"}, "price_min"),
        ({"price_max": "1e400"}, "price_max"),
        ({"price_min": 3, "price_max": 2}, "price_max"),
        ({"year_min": 0}, "year_min"),
        ({"year_max": 10_000}, "year_max"),
        ({"year_min": 2000, "year_max": 1999}, "year_max"),
        ({"in_stock": "perhaps"}, "in_stock"),
        ({"format": "SCROLL"}, "format"),
        ({"language": "english"}, "language"),
        ({"genre": ["x"] * 51}, "genre"),
        ({"ids": "1,2"}, "ids"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_parameters_are_400_and_named(api, query, field):
    response = _ask(api, **query)

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "VALIDATION_ERROR"
    assert list(response.json()["error"]["details"]) == [field]


@pytest.mark.req("DISC-01")
def test_pages_and_windows_link_to_each_other(api):
    for _n in range(5):
        BookFactory(language="en")

    first = _ask(api, size=2, language="en").json()["pagination"]
    assert first == {
        "page": 1,
        "size": 2,
        "total": 5,
        "pages": 3,
        "next": "/api/v1/books?size=2&language=en&page=2",
        "previous": None,
    }
    last = api.client.get("/api/v1/books?size=2&page=3").json()
    assert (len(last["data"]), last["pagination"]["next"]) == (1, None)
    window = _ask(api, limit=2, offset=1).json()["pagination"]
    assert (window["limit"], window["offset"]) == (2, 1)
    assert window["next"] == "/api/v1/books?limit=2&offset=3"


@pytest.mark.req("DISC-01")
def test_page_past_the_end_is_404_and_the_first_always_exists(api):
    assert _ids(_ask(api, page=1)) == []
    BookFactory()

    for query in ({"page": 2}, {"page": 1_000_000}, {"offset": 1}, {"q": "x", "page": 2}):
        response = _ask(api, **query)
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "NOT_FOUND"
