import pytest
from django.db import connection
from django.utils import timezone

from catalog.errors import GenreNotFound
from catalog.models import Genre
from catalog.selectors import genres
from catalog.tests.factories import BookFactory, GenreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-02")]


def _names(links):
    return [link.name for link in links]


def test_tree_is_ordered_by_position_then_name():
    GenreFactory(name="Zoology", position=0)
    GenreFactory(name="Art", position=1)
    GenreFactory(name="Biology", position=1)

    assert _names(genres.genre_tree()) == ["Zoology", "Art", "Biology"]


def test_genre_below_a_withdrawn_one_stands_at_the_top():
    gone = GenreFactory(deleted_at=timezone.now())
    GenreFactory(name="Orphan", parent=gone)

    assert _names(genres.genre_tree()) == ["Orphan"]


def test_genre_page_is_found_by_id_or_slug_with_the_way_to_it():
    fiction = GenreFactory(name="Fiction")
    fantasy = GenreFactory(name="Fantasy", parent=fiction)
    epic = GenreFactory(name="Epic", parent=fantasy)
    BookFactory(genres=[epic])

    for value in (fantasy.pk, str(fantasy.pk), "fantasy"):
        page = genres.genre_page(value)
        assert _names(page.ancestors) == ["Fiction"]
        assert (page.genre.name, page.genre.book_count) == ("Fantasy", 1)
        assert _names(page.genre.children) == ["Epic"]
    assert page.genre.path == "/genres/fantasy/"


@pytest.mark.parametrize("value", ["nowhere", "", 10**30, "9" * 5_000, "-1", "old"])
def test_genre_page_of_an_unknown_or_withdrawn_genre_is_not_found(value):
    GenreFactory(name="Old", deleted_at=timezone.now())

    with pytest.raises(GenreNotFound):
        genres.genre_page(value)


def test_ids_below_follow_the_tree_but_no_withdrawn_branch_of_it():
    top = GenreFactory(name="Top")
    below = GenreFactory(parent=top)
    gone = GenreFactory(parent=top, deleted_at=timezone.now())
    GenreFactory(parent=gone)
    other = GenreFactory(name="Other")

    assert genres.ids_below(["top"]) == [top.pk, below.pk]
    assert genres.ids_below([str(below.pk), "other"]) == [below.pk, other.pk]
    assert genres.ids_below(["nowhere", str(10**17)]) == []


def test_walks_end_even_in_a_ring():
    # Rolled back with the test's transaction.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_genre DISABLE TRIGGER catalog_genre_no_ring")
    one = GenreFactory(name="One")
    two = GenreFactory(name="Two", parent=one)
    Genre.objects.filter(pk=one.pk).update(parent=two)
    book = BookFactory(genres=[two])

    own, around = genres.genres_of_book(book.pk)

    assert genres.ids_below([one.pk]) == [one.pk, two.pk]
    assert _names(genres.path_to(own[0], around)) == ["One", "Two"]


@pytest.mark.parametrize("rows", [1, 3])
def test_genre_page_takes_two_queries(rows, django_assert_num_queries):
    top = GenreFactory()
    for _n in range(rows):
        BookFactory(genres=[GenreFactory(parent=top)])

    with django_assert_num_queries(2):
        assert genres.genre_page(top.pk).genre.book_count == rows
