"""Search in words; an ISBN leads straight to its book."""

import re

import pytest

from catalog.services import search_index
from catalog.tests.factories import BookFactory, GenreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-02")]
SEARCH = "/search/"


def indexed(**fields):
    book = BookFactory(**fields)
    search_index.index_books([book.pk])
    return book


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_a_constant_number_of_queries(client, rows, django_assert_num_queries):
    for number in range(rows):
        indexed(title=f"Whales {number}", authors=["Herman Melville"])
    with django_assert_num_queries(4):
        response = client.get(SEARCH, {"q": "whales"})
    assert len(re.findall(r'class="title">Whales \d<', response.text)) == rows
    assert "Books for “whales”" in response.text
    assert '<meta name="robots" content="noindex">' in response.text


def test_search_keeps_its_words_in_the_box_and_in_the_form(client):
    indexed(title="Whales")
    text = client.get(SEARCH, {"q": "whales"}).text
    assert '<input id="search" name="q" type="search" value="whales"' in text
    assert '<input type="hidden" name="q" value="whales">' in text
    assert '<option value="relevance" selected>' in text


@pytest.mark.parametrize("spelling", ["9780141439518", "978-0-14-143951-8", " 0-14-143951-3 "])
def test_isbn_jumps_to_the_book(client, spelling):
    book = BookFactory(isbn13="9780141439518")
    response = client.get(SEARCH, {"q": spelling})
    assert (response.status_code, response["Location"]) == (302, book.get_absolute_url())


def test_nothing_found_offers_ways_on(client):
    GenreFactory(name="Fiction")
    response = client.get(SEARCH, {"q": "xyzzy"})
    assert response.status_code == 200
    assert "Nothing found for “xyzzy”" in response.text
    assert '<a href="/genres/fiction/">Fiction</a>' in response.text


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "   "}])
def test_no_words_asks_for_some(client, query):
    response = client.get(SEARCH, query)
    assert response.status_code == 200
    assert "What are you looking for?" in response.text


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "c++ & (", "'; drop --", '"', "%"])
def test_hostile_words_are_only_text(client, words):
    response = client.get(SEARCH, {"q": words})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_too_many_words_are_refused(client):
    assert client.get(SEARCH, {"q": "a" * 201}).status_code == 400
