import pytest
from django.utils import timezone

from catalog.tests.factories import BookFactory, GenreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-02")]


@pytest.fixture
def tree():
    """Fiction > Fantasy > Epic, and Maps; a book in Epic and Fantasy both, one in Fiction."""
    fiction = GenreFactory(name="Fiction", position=1)
    fantasy = GenreFactory(name="Fantasy", parent=fiction)
    epic = GenreFactory(name="Epic", parent=fantasy)
    maps = GenreFactory(name="Maps", position=2)
    BookFactory(genres=[epic, fantasy])
    BookFactory(genres=[fiction])
    BookFactory(genres=[maps], deleted_at=timezone.now())
    GenreFactory(name="Old", deleted_at=timezone.now())
    return fiction, fantasy, epic, maps


def _genre(genre, count, children=()):
    return {
        "id": genre.pk,
        "name": genre.name,
        "slug": genre.slug,
        "parent": genre.parent_id,
        "book_count": count,
        "children": list(children),
        "url": f"/genres/{genre.slug}/",
    }


def test_genres_are_a_tree_that_counts_each_book_once(api, tree):
    fiction, fantasy, epic, maps = tree

    assert api.get("genres").json() == {
        "data": [
            _genre(fiction, 2, [_genre(fantasy, 1, [_genre(epic, 1)])]),
            _genre(maps, 0),
        ]
    }


def test_genre_comes_with_what_is_below_it(api, tree):
    _fiction, fantasy, epic, _maps = tree

    assert api.get(f"genres/{fantasy.pk}").json() == {"data": _genre(fantasy, 1, [_genre(epic, 1)])}


def test_genre_books_include_those_below(api, tree):
    fiction, fantasy, _epic, maps = tree

    def total(genre, **query):
        body = api.get(f"genres/{genre.pk}/books", query=query).json()
        assert len(body["data"]) == body["pagination"]["total"]
        return body["pagination"]["total"]

    assert [total(fiction), total(fantasy), total(maps)] == [2, 1, 0]
    assert total(fiction, language="fr") == 0


def test_genre_that_is_not_there_is_404(api, tree):
    withdrawn = GenreFactory(deleted_at=timezone.now())

    for path in (f"genres/{withdrawn.pk}", f"genres/{withdrawn.pk}/books", f"genres/{10**30}"):
        response = api.get(path)
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "GENRE_NOT_FOUND"


def test_genre_books_take_no_second_genre(api, tree):
    response = api.get(f"genres/{tree[0].pk}/books", query={"genre": "maps"})

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == ["genre"]


@pytest.mark.parametrize("rows", [1, 3])
def test_genres_take_two_queries(api, rows, django_assert_num_queries):
    for _n in range(rows):
        BookFactory(genres=[GenreFactory(parent=GenreFactory())])

    with django_assert_num_queries(2):
        assert len(api.get("genres").json()["data"]) == rows


def test_unchanged_tree_is_304(api, tree):
    etag = api.get("genres")["ETag"]

    assert api.get("genres", headers={"If-None-Match": etag}).status_code == 304
    BookFactory(genres=[tree[3]])
    assert api.get("genres", headers={"If-None-Match": etag}).status_code == 200
