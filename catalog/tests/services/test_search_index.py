"""What full-text search finds of a book."""

import pytest
from django.contrib.postgres.search import SearchQuery

from catalog import text
from catalog.models import BookSearchDocument
from catalog.services import search_index
from catalog.tests.factories import BookFactory, ContributorFactory, GenreFactory, SeriesFactory

pytestmark = pytest.mark.django_db


def finds(book, words):
    query = SearchQuery(text.search_words(words), config="book_text", search_type="plain")
    return BookSearchDocument.objects.filter(pk=book.pk, document=query).exists()


@pytest.fixture
def book():
    book = BookFactory(
        title="«Преступление и наказание» — L’Étranger",
        subtitle="Don't look",
        isbn13="9780804429573",
        series=SeriesFactory(name="Hitchhiker's Guide"),
        description="Raskolnikov walks",
        authors=["Flann O'Brien"],
        genres=[GenreFactory(name="Nordic noir")],
    )
    book.credits.create(contributor=ContributorFactory(name="Jan Łuk"), role="TRANSLATOR")
    search_index.index_books([book.pk])
    return book


@pytest.mark.req("DISC-02")
@pytest.mark.parametrize(
    "words",
    [
        "преступление",
        "НАКАЗАНИЕ",
        "letranger",
        "l'étranger",
        "L’ETRANGER",
        "etranger",
        "dont",
        "don’t look",
        "o'brien",
        "obrien",
        "o brien",
        "hitchhikers guide",
        "raskolnikov",
        "nordic",
        "luk",
        "9780804429573",
        "080442957X",
    ],
)
def test_index_books_finds_words_of_every_part(book, words):
    assert finds(book, words)


@pytest.mark.req("DISC-02")
def test_index_books_finds_nothing_that_is_not_there(book):
    assert not finds(book, "tolstoy")


@pytest.mark.req("DISC-02")
def test_index_books_again_follows_the_book(book):
    book.title = "War and Peace"
    book.save()
    search_index.index_books([book.pk])
    assert (finds(book, "war"), finds(book, "etranger")) == (True, False)


@pytest.mark.req("DISC-02")
@pytest.mark.parametrize("number", [1, 3])
def test_index_books_is_one_statement(number, django_assert_num_queries):
    ids = [BookFactory(authors=["A B"]).pk for _ in range(number)]
    with django_assert_num_queries(1):
        search_index.index_books(ids)
    assert BookSearchDocument.objects.count() == number
