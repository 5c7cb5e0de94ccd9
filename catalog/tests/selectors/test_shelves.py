from datetime import date

import pytest
from django.utils import timezone

from catalog.selectors import shelves
from catalog.tests.factories import BookFactory, BranchFactory, GenreFactory, InventoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-01")]


def test_newest_are_listed_books_for_sale():
    old = BookFactory(published_on=date(2020, 1, 1))
    new = BookFactory(published_on=date(2026, 1, 1))
    BookFactory(published_on=date(2026, 1, 1), price=None)
    BookFactory(published_on=date(2026, 1, 1), deleted_at=timezone.now())
    assert shelves.newest_ids(5) == [new.pk, old.pk]
    assert shelves.newest_ids(1) == [new.pk]


def test_in_stock_are_those_on_a_shelf_last_come_first():
    branch = BranchFactory()
    first, second = BookFactory(), BookFactory()
    BookFactory()
    for book in (first, second, BookFactory(price=None)):
        InventoryFactory(book=book, branch=branch)
    assert shelves.in_stock_ids(5) == [second.pk, first.pk]


def test_subjects_are_two_levels_in_their_order(django_assert_num_queries):
    later = GenreFactory(name="Art", position=2)
    fiction = GenreFactory(name="Fiction", position=1)
    crime = GenreFactory(name="Crime", parent=fiction)
    GenreFactory(name="Noir", parent=crime)
    GenreFactory(name="Gone", parent=fiction, deleted_at=timezone.now())
    with django_assert_num_queries(1):
        found = shelves.subjects()
    assert [(top.name, [genre.name for genre in top.below]) for top in found] == [
        ("Fiction", ["Crime"]),
        (later.name, []),
    ]
