"""The front of the shop."""

import pytest

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
