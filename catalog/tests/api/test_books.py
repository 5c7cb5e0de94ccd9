from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.enums import BookFormat, ContributorRole
from catalog.models import BookContributor
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
                "is_for_sale": True,
                "sale_state": "FOR_SALE",
                "on_sale_on": None,
                "is_preorder_allowed": False,
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
    hardback = BookFactory(
        work=work,
        format=BookFormat.HARDBACK,
        price=None,
        title="Emma",
        publisher=PublisherFactory(name="Corgi"),
        published_on=date(1985, 1, 1),
        published_precision="YEAR",
    )
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
        "title": "Emma",
        "format": "HARDBACK",
        "language": "en",
        "publisher": "Corgi",
        "published_on": "1985-01-01",
        "published_precision": "YEAR",
        "price": None,
        "in_stock": False,
        "is_for_sale": False,
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
