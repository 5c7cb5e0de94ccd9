from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

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
    SeriesFactory,
    WorkFactory,
)

pytestmark = pytest.mark.django_db


def _ids(response):
    assert response.status_code == 200, response.content
    return [book["id"] for book in response.json()["data"]]


def _ask(api, **query):
    return api.get("books", query=query)


@pytest.mark.req("DISC-01")
def test_books_are_whole_resources_in_an_envelope(api):
    fantasy = GenreFactory(name="Fantasy")
    book = BookFactory(
        isbn13="9780306406157",
        title="Emma",
        subtitle="A novel",
        price=Decimal("40.00"),
        publisher=PublisherFactory(name="Corgi"),
        published_on=date(1985, 1, 1),
        published_precision="YEAR",
        format=BookFormat.PAPERBACK,
        pages=288,
        description="About Emma.",
        series=SeriesFactory(name="Novels"),
        series_number="4",
        authors=["Jane Austen"],
        genres=[fantasy],
    )
    drawn = ContributorFactory(name="Hugh Thomson")
    BookContributor.objects.create(
        book=book, contributor=drawn, role=ContributorRole.ILLUSTRATOR, position=1
    )
    InventoryFactory(book=book, quantity=3)
    InventoryFactory(book=book, branch=BranchFactory(is_active=False), quantity=9)

    body = _ask(api).json()

    author = book.credits.get(role="AUTHOR").contributor
    assert body == {
        "data": [
            {
                "id": book.pk,
                "isbn13": "9780306406157",
                "isbn10": "0306406152",
                "title": "Emma",
                "subtitle": "A novel",
                "slug": "emma",
                "authors": [
                    {"id": author.pk, "name": "Jane Austen", "role": "AUTHOR"},
                    {"id": drawn.pk, "name": "Hugh Thomson", "role": "ILLUSTRATOR"},
                ],
                "genres": [{"id": fantasy.pk, "name": "Fantasy", "slug": "fantasy"}],
                "series": {"name": "Novels", "number": "4"},
                "publisher": "Corgi",
                "published_on": "1985-01-01",
                "published_precision": "YEAR",
                "language": "en",
                "format": "PAPERBACK",
                "pages": 288,
                "description": "About Emma.",
                "price": "40.00",
                "currency": "ILS",
                "cover_url": body["data"][0]["cover_url"],
                "stock_quantity": 3,
                "in_stock": True,
                "rating": {"average": None, "count": 0},
                "url": f"/books/emma-{book.pk}/",
            }
        ],
        "pagination": {
            "page": 1,
            "size": 20,
            "total": 1,
            "pages": 1,
            "next": None,
            "previous": None,
        },
    }
    assert body["data"][0]["cover_url"].startswith(f"/covers/{book.pk}.svg?v=")


@pytest.mark.req("DISC-05")
def test_book_tells_stock_in_every_branch_and_all_editions(api):
    work = WorkFactory(first_published_year=1815)
    book = BookFactory(work=work, format=BookFormat.PAPERBACK)
    hardback = BookFactory(work=work, format=BookFormat.HARDBACK, price=None)
    warehouse = BranchFactory(is_warehouse=True)
    shop = BranchFactory()
    InventoryFactory(book=book, branch=shop, quantity=2)

    data = api.get(f"books/{book.pk}").json()["data"]

    assert data["availability"] == [
        {
            "branch": {
                "id": branch.pk,
                "name": branch.name,
                "slug": branch.slug,
                "is_warehouse": branch.is_warehouse,
            },
            "quantity": quantity,
        }
        for branch, quantity in ((warehouse, 0), (shop, 2))
    ]
    assert [edition["id"] for edition in data["editions"]] == [hardback.pk, book.pk]
    assert data["editions"][0] == {
        "id": hardback.pk,
        "isbn13": hardback.isbn13,
        "format": "HARDBACK",
        "language": "en",
        "price": None,
        "in_stock": False,
        "url": f"/books/{hardback.slug}-{hardback.pk}/",
    }
    assert (data["stock_quantity"], data["in_stock"]) == (2, True)
    assert data["first_published_year"] == 1815
    assert data["attributes"] == {}


@pytest.mark.req("DISC-02")
@pytest.mark.parametrize("isbn", ["9780306406157", "978-0-306-40615-7", "0306406152"])
def test_book_is_found_by_its_isbn(api, isbn):
    book = BookFactory(isbn13="9780306406157")

    assert api.get(f"books/isbn/{isbn}").json() == api.get(f"books/{book.pk}").json()


@pytest.mark.req("CATL-01")
def test_book_that_is_not_there_is_404(api):
    withdrawn = BookFactory(isbn13="9780306406157", deleted_at=timezone.now())

    for path in (
        f"books/{withdrawn.pk}",
        "books/isbn/9780306406157",
        f"books/{withdrawn.pk + 1}",
        f"books/{10**30}",
        "books/isbn/9780439023481",
        "books/isbn/abc",
    ):
        response = api.get(path)
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "BOOK_NOT_FOUND"
    assert _ids(_ask(api)) == []


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


@pytest.mark.req("DISC-01")
@pytest.mark.parametrize("rows", [1, 3])
def test_books_take_six_queries(api, rows, django_assert_num_queries):
    for _n in range(rows):
        book = BookFactory(authors=["A", "B"], genres=[GenreFactory()], series=SeriesFactory())
        InventoryFactory(book=book)

    with django_assert_num_queries(6):
        assert len(_ids(_ask(api))) == rows


@pytest.mark.req("DISC-05")
def test_book_takes_seven_queries(api, django_assert_num_queries):
    book = BookFactory(authors=["A"], genres=[GenreFactory()])

    with django_assert_num_queries(7):
        assert api.get(f"books/{book.pk}").status_code == 200


@pytest.mark.req("DISC-01")
def test_unchanged_answers_are_304_until_price_or_stock_change(api):
    book = BookFactory()
    for path in ("books", f"books/{book.pk}"):
        first = api.get(path)
        etag = first["ETag"]
        assert first["Cache-Control"] == "private, no-cache"

        again = api.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)

        InventoryFactory(book=book)
        changed = api.get(path, headers={"If-None-Match": etag})
        assert changed.status_code == 200
        assert changed["ETag"] != etag


@pytest.mark.req("DISC-01")
def test_reading_looks_at_no_credentials(api):
    BookFactory()

    response = api.get("books", headers={"Authorization": "Bearer spent"})

    assert response.status_code == 200
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.req("BASE-06")
def test_what_books_do_not_take_is_405(api):
    response = api.delete("books")

    assert response.status_code == 405
    assert response.json()["error"]["code"] == "METHOD_NOT_ALLOWED"
