"""The front of the shop."""

import pytest

from catalog.models import Book
from catalog.selectors import shelves
from catalog.services import books as book_services
from catalog.tests.factories import BookFactory, BranchFactory, GenreFactory, InventoryFactory
from engagement.tests.factories import StaffPickFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-01")]


@pytest.mark.parametrize("rows", [1, 3])
def test_home_takes_a_constant_number_of_queries(client, rows, django_assert_num_queries):
    branch = BranchFactory()
    GenreFactory(name="Crime", parent=GenreFactory(name="Fiction"))
    for number in range(rows):
        StaffPickFactory(book=BookFactory(title=f"Picked {number}", authors=["Ada Lovelace"]))
        InventoryFactory(book=BookFactory(title=f"Here {number}"), branch=branch)
    with django_assert_num_queries(6):
        response = client.get("/")
    assert [f"Picked {number}" in response.text for number in range(rows)] == [True] * rows
    assert '<a href="/genres/crime/">Crime</a>' in response.text


def test_a_book_stands_on_one_shelf_only(client):
    book = BookFactory(title="Once")
    InventoryFactory(book=book, branch=BranchFactory())
    StaffPickFactory(book=book)
    text = client.get("/").text
    assert text.count(f'<a href="{book.get_absolute_url()}">') == 1
    assert "Just in" not in text


def test_empty_shop_says_that_books_are_coming(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "The shelves are still empty" in response.text
    assert "Staff picks</h2>" not in response.text


def test_books_withdrawn_while_the_page_is_made_are_left_out(client, monkeypatch):
    branch = BranchFactory()
    StaffPickFactory(book=BookFactory(title="Picked"))
    InventoryFactory(book=BookFactory(title="Here"), branch=branch)
    look = shelves.in_stock_ids

    def look_then_withdraw(count):
        found = look(count)
        for book in Book.objects.all():
            book_services.withdraw_book(book_id=book.pk, actor_id=None)
        return found

    monkeypatch.setattr(shelves, "in_stock_ids", look_then_withdraw)
    response = client.get("/")

    assert response.status_code == 200
    assert [title in response.text for title in ("Picked", "Here")] == [False, False]
