from datetime import date

import pytest
from django.utils import timezone

from catalog.enums import ContributorRole
from catalog.errors import AuthorNotFound
from catalog.models import BookContributor, Contributor
from catalog.selectors import contributors
from catalog.tests.factories import (
    BookFactory,
    ContributorFactory,
    InventoryFactory,
    SeriesFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-05")]


def _book(title, year=None, **fields):
    published_on = date(year, 1, 1) if year else None
    return BookFactory(
        title=title, authors=["Terry Pratchett"], published_on=published_on, **fields
    )


def _pratchett():
    return Contributor.objects.get(name="Terry Pratchett").pk


def test_author_page_shows_series_in_order_then_what_stands_alone_newest_first():
    discworld, bromeliad = SeriesFactory(name="Discworld"), SeriesFactory(name="Bromeliad")
    _book("Hogfather", 1996, series=discworld, series_number="20")
    _book("Mort", 1987, series=discworld, series_number="4")
    _book("Map", 1993, series=discworld)
    _book("Truckers", 1989, series=bromeliad, series_number="1")
    _book("Strata", 1981)
    _book("Nation", 2008)
    _book("Gone", 2009, deleted_at=timezone.now())

    page = contributors.author_page(_pratchett())

    (group,) = page.groups
    assert group.role == ContributorRole.AUTHOR
    assert [(shelf.series, [card.title for card in shelf.cards]) for shelf in group.shelves] == [
        ("Bromeliad", ["Truckers"]),
        ("Discworld", ["Mort", "Hogfather", "Map"]),
        ("", ["Nation", "Strata"]),
    ]
    assert page.book_count == 6
    assert page.path == f"/authors/terry-pratchett-{page.id}/"


def test_author_page_shows_one_edition_of_a_work_rather_in_stock():
    old = _book("Mort", 1987)
    _book("Mort", 2013, work=old.work)
    InventoryFactory(book=old)

    page = contributors.author_page(_pratchett())

    assert [card.id for card in page.groups[0].shelves[0].cards] == [old.pk]
    assert page.book_count == 1


def test_author_page_keeps_other_roles_apart():
    written = _book("Mort")
    told = BookFactory(title="Told")
    person = ContributorFactory(name="Terry Pratchett")
    for book in (written, told):
        BookContributor.objects.create(
            book=book, contributor=person, role=ContributorRole.NARRATOR, position=1
        )

    page = contributors.author_page(person.pk)

    assert [
        (group.role, sorted(card.title for card in group.shelves[0].cards)) for group in page.groups
    ] == [(ContributorRole.AUTHOR, ["Mort"]), (ContributorRole.NARRATOR, ["Mort", "Told"])]
    assert page.book_count == 2


def test_author_page_without_listed_books_is_empty_and_of_nobody_not_found():
    person = ContributorFactory()

    assert contributors.author_page(person.pk).groups == []
    with pytest.raises(AuthorNotFound):
        contributors.author_page(person.pk + 1)
    with pytest.raises(AuthorNotFound):
        contributors.author_page(10**30)


@pytest.mark.parametrize(
    ("numbers", "ordered"),
    [
        (["10", "2", "1", "2.5"], ["1", "2", "2.5", "10"]),
        (["", "1-3", "2", "0"], ["0", "2", "", "1-3"]),
        (["nan", "1", "inf"], ["1", "inf", "nan"]),
    ],
)
def test_numbers_in_a_series_order_as_people_count(numbers, ordered):
    assert sorted(numbers, key=contributors.number_in_series) == ordered


@pytest.mark.parametrize("rows", [1, 3])
def test_author_page_takes_four_queries(rows, django_assert_num_queries):
    for n in range(rows):
        _book(f"Book {n}", series=SeriesFactory())
    author_id = _pratchett()

    with django_assert_num_queries(4):
        assert contributors.author_page(author_id).book_count == rows
