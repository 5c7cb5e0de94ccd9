"""POST /books; PUT, PATCH and DELETE /books/{id}."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.tests.factories import PASSWORD, EmployeeFactory
from catalog.models import Book, Inventory, StockMovement
from catalog.services import books
from catalog.tests.factories import (
    BookFactory,
    BranchFactory,
    GenreFactory,
    InventoryFactory,
)
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-01")]

EMMA = "9780141439587"
PLAIN = (
    *("title", "subtitle", "price", "description", "publisher", "published_precision"),
    *("language", "format", "pages", "series", "stock_quantity"),
)


def body(**changes):
    return {"isbn": EMMA, "title": "Emma", "price": "39.90"} | changes


def whole(genre):
    return body(
        isbn="0-14-143958-0",
        subtitle="A Novel",
        authors=["Jane Austen", {"name": "Fiona Stafford", "role": "EDITOR"}],
        genres=[genre.pk],
        description="Handsome, clever, and rich.",
        publisher="Penguin Classics",
        published_on="2003-05-06",
        published_precision="MONTH",
        language="en",
        format="PAPERBACK",
        pages=512,
        series={"name": "Penguin Classics", "number": "12"},
        attributes={"Dimensions": "198 × 129 mm", "Binding": "Glued"},
        on_sale_on="2003-05-01",
        is_preorder_allowed=True,
        stock_quantity=7,
    )


def audited():
    return list(
        AuditEntry.objects.filter(entity_type="book")
        .order_by("pk")
        .values_list("action", flat=True)
    )


def test_post_creates_the_whole_book_with_copies_in_the_warehouse(manager):
    genre, warehouse = GenreFactory(), BranchFactory(is_warehouse=True)

    answer = manager.post("books", whole(genre))

    assert answer.status_code == 201, answer.content
    data = answer.json()["data"]
    book = Book.objects.get()
    assert answer["Location"] == reverse("api-book", args=[book.pk])
    assert data == manager.get(f"books/{book.pk}").json()["data"]
    assert answer["ETag"] == manager.get(f"books/{book.pk}")["ETag"]
    plain = {name: said for name, said in whole(genre).items() if name in PLAIN}
    assert {name: data[name] for name in plain} == plain
    assert (data["isbn13"], data["published_on"]) == (EMMA, "2003-05-01")
    assert data["genres"] == [{"id": genre.pk, "name": genre.name, "slug": genre.slug}]
    assert [(each["name"], each["role"]) for each in data["authors"]] == [
        ("Jane Austen", "AUTHOR"),
        ("Fiona Stafford", "EDITOR"),
    ]
    assert data["attributes"] == {"Dimensions": "198 × 129 mm", "Binding": "Glued"}
    assert (book.on_sale_on, book.is_preorder_allowed) == (date(2003, 5, 1), True)
    movement = StockMovement.objects.get()
    assert (movement.inventory.branch, movement.delta, movement.reason) == (
        warehouse,
        7,
        "OPENING",
    )
    assert data["stock_quantity"] == 7
    entry = AuditEntry.objects.get(action="book.created")
    assert (entry.entity_id, entry.actor_id) == (str(book.pk), manager.user.pk)
    assert entry.new_value["attributes"]["Binding"] == "Glued"


def test_new_book_is_found_by_search_as_soon_as_it_answered(manager):
    created = manager.post("books", body(authors=["Jane Austen"])).json()["data"]
    found = manager.get("books", query={"q": "austen emma"}).json()["data"]
    assert [each["id"] for each in found] == [created["id"]]
    assert manager.get(f"books/isbn/{EMMA}").json()["data"]["stock_quantity"] == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"isbn": "9780141439588"}, "isbn"),
        ({"isbn": ""}, "isbn"),
        ({"title": " "}, "title"),
        ({"price": "-0.01"}, "price"),
        ({"price": "1.001"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"authors": [""]}, "authors"),
        ({"authors": [{"name": "A", "role": "COOK"}]}, "authors"),
        ({"authors": [{"name": "A", "id": 1}]}, "authors"),
        ({"authors": [7]}, "authors"),
        ({"genres": [0]}, "genres"),
        ({"genres": [2**62]}, "genres"),
        ({"genres": "1"}, "genres"),
        ({"published_on": "2003"}, "published_on"),
        ({"published_precision": "HOUR"}, "published_precision"),
        ({"language": "eng"}, "language"),
        ({"format": "SCROLL"}, "format"),
        ({"pages": 0}, "pages"),
        ({"pages": 2**31}, "pages"),
        ({"series": {"number": "1"}}, "series"),
        ({"series": "Novels"}, "series"),
        ({"attributes": {"": "x"}}, "attributes"),
        ({"attributes": {"x": ""}}, "attributes"),
        ({"attributes": {"x": ["y"]}}, "attributes"),
        ({"attributes": {str(n): "x" for n in range(51)}}, "attributes"),
        ({"attributes": {"x" * 61: "y"}}, "attributes"),
        ({"publisher": "x" * 201}, "publisher"),
        ({"work_id": 2**62}, "work_id"),
        ({"first_published_year": 40_000}, "first_published_year"),
        ({"stock_quantity": -1}, "stock_quantity"),
        ({"stock_quantity": 1}, "stock_quantity"),  # there is no warehouse
        ({"slug": "emma"}, "slug"),
        ({"is_in_stock": True}, "is_in_stock"),
    ],
)
def test_senseless_bodies_are_400_by_field_and_keep_nothing(manager, changes, field):
    answer = manager.post("books", body(**changes))
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"]["code"] == "VALIDATION_ERROR"
    assert list(answer.json()["error"]["details"]) == [field]
    assert (Book.objects.count(), Inventory.objects.count(), audited()) == (0, 0, [])


@pytest.mark.parametrize("missing", ["isbn", "title", "price"])
def test_a_new_book_needs_isbn_title_and_price(manager, missing):
    said = body()
    del said[missing]
    assert list(manager.post("books", said).json()["error"]["details"]) == [missing]
    assert Book.objects.count() == 0


def test_titles_that_grow_when_folded_are_kept(manager):
    assert manager.post("books", body(title="ß" * 500)).status_code == 201


def test_second_book_with_an_isbn_is_409(manager):
    book = BookFactory(isbn13=EMMA, title="Emma")
    answer = manager.post("books", body(isbn="0141439580", title="Other"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "BOOK_DUPLICATE_ISBN")
    assert answer.json()["error"]["details"]["book_id"] == book.pk
    other = BookFactory()
    answer = manager.patch(f"books/{other.pk}", {"isbn": EMMA})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "BOOK_DUPLICATE_ISBN")
    assert sorted(Book.objects.values_list("title", flat=True)) == sorted(["Emma", other.title])
    assert audited() == []


def test_deleted_book_is_404_everywhere_and_comes_back_under_its_id(manager):
    warehouse = BranchFactory(is_warehouse=True)
    book = BookFactory(isbn13=EMMA)
    InventoryFactory(book=book, branch=warehouse, quantity=3)

    assert manager.delete(f"books/{book.pk}").status_code == 204

    for ask in (
        lambda: manager.get(f"books/{book.pk}"),
        lambda: manager.get(f"books/isbn/{EMMA}"),
        lambda: manager.delete(f"books/{book.pk}"),
        lambda: manager.patch(f"books/{book.pk}", {"title": "X"}),
        lambda: manager.put(f"books/{book.pk}", body()),
    ):
        assert (ask().status_code, ask().json()["error"]["code"]) == (404, "BOOK_NOT_FOUND")
    answer = manager.post("books", body())
    assert (answer.status_code, answer.json()["data"]["id"]) == (201, book.pk)
    assert answer.json()["data"]["stock_quantity"] == 3  # its own stock, none was sent
    assert audited() == ["book.withdrawn", "book.restored"]


def test_restored_book_gets_the_stock_that_is_sent(manager):
    warehouse = BranchFactory(is_warehouse=True)
    book = BookFactory(isbn13=EMMA)
    InventoryFactory(book=book, branch=warehouse, quantity=3)
    books.withdraw_book(book_id=book.pk, actor_id=None)
    data = manager.post("books", body(stock_quantity=0)).json()["data"]
    assert (data["id"], data["stock_quantity"], data["in_stock"]) == (book.pk, 0, False)
    assert StockMovement.objects.order_by("pk").last().reason == "CORRECTION"


def test_patch_changes_only_what_is_sent(manager):
    BranchFactory(is_warehouse=True)
    genre = GenreFactory()
    created = manager.post("books", whole(genre)).json()["data"]

    answer = manager.patch(f"books/{created['id']}", {"price": "45.00", "publisher": "Vintage"})

    assert answer.status_code == 200
    changed = {"price": "45.00", "publisher": "Vintage", "version": 2}
    after = answer.json()["data"]
    assert {name for name in after if after[name] != created[name]} == {*changed, "editions"}
    assert {name: after[name] for name in changed} == changed
    entry = AuditEntry.objects.get(action="book.updated")
    assert sorted(entry.new_value) == ["price", "publisher_id"]


def test_patch_keeps_a_withdrawn_genre_that_it_does_not_name(manager):
    genre = GenreFactory()
    book = BookFactory(genres=[genre])
    type(genre).objects.update(deleted_at="2026-01-01T00:00:00Z")
    assert manager.patch(f"books/{book.pk}", {"title": "New"}).status_code == 200
    assert list(book.genres.all()) == [genre]


def test_put_empties_what_is_left_out_but_keeps_stock_and_work(manager):
    BranchFactory(is_warehouse=True)
    created = manager.post("books", whole(GenreFactory()) | {"first_published_year": 1815})
    before = created.json()["data"]

    after = manager.put(f"books/{before['id']}", body(price=None)).json()["data"]

    assert (after["price"], after["publisher"], after["series"], after["genres"]) == (
        None,
        None,
        None,
        [],
    )
    assert (after["authors"], after["attributes"], after["pages"]) == ([], {}, None)
    assert {
        name: after[name] for name in ("stock_quantity", "work_id", "first_published_year")
    } == {
        "stock_quantity": 7,
        "work_id": before["work_id"],
        "first_published_year": 1815,
    }
    answer = manager.put(f"books/{before['id']}", body(stock_quantity=1))
    assert list(answer.json()["error"]["details"]) == ["stock_quantity"]


@pytest.mark.req("CATL-09")
def test_work_id_joins_editions_and_keeps_the_works_year(manager):
    work = BookFactory().work
    work.first_published_year = 1815
    work.save()
    data = manager.post("books", body(work_id=work.pk)).json()["data"]
    assert (data["work_id"], data["first_published_year"]) == (work.pk, 1815)
    assert len(data["editions"]) == 2


def test_employee_and_strangers_write_nothing(api):
    book = BookFactory(title="Emma")
    for status in (401, 403):
        assert api.post("books", body()).status_code == status
        assert api.put(f"books/{book.pk}", body()).status_code == status
        assert api.patch(f"books/{book.pk}", {"title": "X"}).status_code == status
        assert api.delete(f"books/{book.pk}").status_code == status
        api.sign_in(EmployeeFactory().email, PASSWORD)
    assert [book.title for book in Book.objects.listed()] == ["Emma"]
    assert audited() == []


def test_a_price_is_exact_to_the_cent(manager):
    data = manager.post("books", body(price="12345678.90")).json()["data"]
    assert data["price"] == "12345678.90"
    assert Book.objects.get().price == Decimal("12345678.90")
