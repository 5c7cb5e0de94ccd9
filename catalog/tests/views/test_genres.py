"""Subjects: the index, and the books of one."""

import pytest
from django.urls import reverse

from catalog.tests.factories import BookFactory, GenreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-02")]


def test_index_shows_the_whole_tree_with_counts(client, django_assert_num_queries):
    fiction = GenreFactory(name="Fiction")
    crime = GenreFactory(name="Crime", parent=fiction)
    noir = GenreFactory(name="Noir", parent=crime)
    BookFactory(genres=[noir])
    BookFactory(genres=[crime, fiction])
    with django_assert_num_queries(2):
        response = client.get(reverse("catalog:genres"))
    assert '<a href="/genres/fiction/">Fiction</a> <span class="count">2</span>' in response.text
    assert '<a href="/genres/noir/">Noir</a> <span class="count">1</span>' in response.text


@pytest.mark.parametrize("rows", [1, 3])
def test_genre_takes_a_constant_number_of_queries(client, rows, django_assert_num_queries):
    fiction = GenreFactory(name="Fiction")
    crime = GenreFactory(name="Crime", parent=fiction)
    for number in range(rows):
        BookFactory(title=f"Book {number}", genres=[crime], authors=["Ada Lovelace"])
    with django_assert_num_queries(8):
        response = client.get(reverse("catalog:genre", args=["fiction"]))
    assert response.text.count('class="title"') == rows
    assert '<a href="/genres/crime/">' in response.text


def test_genre_names_the_way_to_it(client):
    crime = GenreFactory(name="Crime", parent=GenreFactory(name="Fiction"))
    response = client.get(crime.get_absolute_url())
    assert '<li><a href="/genres/fiction/">Fiction</a></li></ol>' in response.text
    assert "<title>Crime –" in response.text
    assert '<link rel="canonical" href="http://testserver/genres/crime/">' in response.text


def test_unknown_genre_is_not_found(client):
    response = client.get(reverse("catalog:genre", args=["nothing"]))
    assert response.status_code == 404
    assert "We could not find this genre." in response.text
