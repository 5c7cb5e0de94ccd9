from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.enums import BookSort, ContributorRole
from catalog.models import BookContributor
from catalog.selectors import books
from catalog.selectors.book_filters import BookQuery
from catalog.tests.factories import BookFactory, ContributorFactory
from core.pagination import Window

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-01")]


def _credit(book, name, role, position):
    BookContributor.objects.create(
        book=book, contributor=ContributorFactory(name=name), role=role, position=position
    )


def test_cards_by_ids_keep_the_order_asked_for_and_leave_out_withdrawn_books():
    first, second = BookFactory(), BookFactory()
    withdrawn = BookFactory(deleted_at=timezone.now())
    ids = [second.pk, withdrawn.pk, 10**9, first.pk]

    assert [card.id for card in books.cards_by_ids(ids)] == [second.pk, first.pk]
    assert [card.id for card in books.cards_even_withdrawn(ids)] == [
        second.pk,
        withdrawn.pk,
        first.pk,
    ]


def test_card_shows_authors_in_the_order_of_the_title_page():
    book = BookFactory(title="Good Omens", price=Decimal("49.90"), format="EBOOK")
    _credit(book, "Neil Gaiman", ContributorRole.AUTHOR, 2)
    _credit(book, "Terry Pratchett", ContributorRole.AUTHOR, 1)
    _credit(book, "Paul Kidby", ContributorRole.ILLUSTRATOR, 0)

    (card,) = books.cards_by_ids([book.pk])

    assert [credit.name for credit in card.credits] == [
        "Paul Kidby",
        "Terry Pratchett",
        "Neil Gaiman",
    ]
    assert card.byline == "Terry Pratchett, Neil Gaiman"
    assert card.path == f"/books/good-omens-{book.pk}/"
    assert card.authors[0].path == f"/authors/terry-pratchett-{card.authors[0].id}/"
    assert (card.price, card.is_for_sale, card.format_label) == (Decimal("49.90"), True, "E-book")


def test_card_without_an_author_names_whoever_made_it():
    book = BookFactory(price=None)
    _credit(book, "Paul Kidby", ContributorRole.ILLUSTRATOR, 0)
    bare = BookFactory()

    made, nobody = books.cards_by_ids([book.pk, bare.pk])

    assert (made.byline, made.is_for_sale, made.format_label) == ("Paul Kidby", False, "")
    assert nobody.byline == ""


@pytest.mark.parametrize(
    ("query", "order"),
    [
        (BookQuery(), BookSort.NEWEST),
        (BookQuery(sort=BookSort.RELEVANCE), BookSort.NEWEST),
        (BookQuery(sort=BookSort.PRICE), BookSort.PRICE),
        (BookQuery(text="emma"), BookSort.RELEVANCE),
        (BookQuery(text="emma", sort=BookSort.TITLE), BookSort.TITLE),
    ],
)
def test_best_match_is_the_order_of_words_and_newest_of_all_else(query, order):
    assert query.order == order


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_cards_takes_four_queries(rows, django_assert_num_queries):
    for _n in range(rows):
        BookFactory(authors=["A", "B"])

    with django_assert_num_queries(4):
        page = books.book_cards(BookQuery(), Window(0, 20))
        lines = [(card.byline, card.path, card.cover_path) for card in page.items]
    assert len(lines) == rows
