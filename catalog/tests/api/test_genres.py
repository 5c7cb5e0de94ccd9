import pytest
from django.utils import timezone

from accounts.tests.factories import PASSWORD, ManagerFactory
from catalog.models import Genre
from catalog.tests.factories import BookFactory, GenreFactory
from core.models import AuditEntry

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


@pytest.mark.parametrize("query", [{"page": 1}, {"size": 5}, {"q": "x"}, {"page": ""}])
def test_tree_has_no_pages_and_says_so(api, tree, query):
    response = api.get("genres", query=query)

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == list(query)


@pytest.fixture
def manager(api):
    """The API as a manager uses it."""
    api.sign_in(ManagerFactory().email, PASSWORD)
    return api


def test_manager_adds_a_genre(manager, tree):
    response = manager.post("genres", {"name": "Noir", "parent_id": tree[0].pk, "position": 3})

    added = Genre.objects.get(slug="noir")
    assert (response.status_code, response.json()) == (201, {"data": _genre(added, 0)})
    assert (added.name, added.parent_id, added.position) == ("Noir", tree[0].pk, 3)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name"]),
        ({"name": " "}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "Noir", "slug": "no ir"}, ["slug"]),
        ({"name": "Noir", "slug": "12"}, ["slug"]),
        ({"name": "Noir", "slug": "maps"}, ["slug"]),
        ({"name": "Noir", "parent_id": "top"}, ["parent_id"]),
        ({"name": "Noir", "parent_id": 0}, ["parent_id"]),
        ({"name": "Noir", "position": -1}, ["position"]),
        ({"name": "Noir", "position": 40_000}, ["position"]),
        ({"name": "Noir", "book_count": 3}, ["book_count"]),
    ],
)
def test_genre_that_makes_no_sense_is_400(manager, tree, body, fields):
    response = manager.post("genres", body)

    assert response.status_code == 400
    assert list(response.json()["error"]["details"]) == fields
    assert Genre.objects.count() == 5


def test_genre_below_one_that_is_not_there_is_404(manager, tree):
    for parent_id in (0x7FFF_FFFF, 10**30, Genre.objects.get(name="Old").pk):
        response = manager.post("genres", {"name": "Noir", "parent_id": parent_id})
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "GENRE_NOT_FOUND"
    assert Genre.objects.count() == 5


def test_manager_moves_and_renames_a_genre(manager, tree):
    _fiction, fantasy, epic, maps = tree

    body = {"name": "Sagas", "slug": "sagas", "parent_id": maps.pk}
    response = manager.patch(f"genres/{epic.pk}", body)

    epic.refresh_from_db()
    assert (response.status_code, response.json()) == (200, {"data": _genre(epic, 1)})
    assert (epic.name, epic.slug, epic.parent_id) == ("Sagas", "sagas", maps.pk)
    assert manager.patch(f"genres/{epic.pk}", {"parent_id": None}).json()["data"]["parent"] is None
    assert manager.get(f"genres/{fantasy.pk}").json()["data"]["children"] == []


def test_genre_below_itself_is_409(manager, tree):
    fiction, _fantasy, epic, _maps = tree
    for below in (fiction, epic):
        response = manager.patch(f"genres/{fiction.pk}", {"parent_id": below.pk, "name": "New"})
        assert response.status_code == 409
        assert response.json()["error"]["code"] == "GENRE_CYCLE"
    fiction.refresh_from_db()
    assert (fiction.parent_id, fiction.name) == (None, "Fiction")
    assert AuditEntry.objects.filter(entity_type="genre").count() == 0


def test_genre_is_withdrawn_and_put_back(manager, tree):
    fiction, fantasy, epic, _maps = tree
    response = manager.delete(f"genres/{fiction.pk}")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "GENRE_NOT_EMPTY")

    for genre in (epic, fantasy):
        assert manager.delete(f"genres/{genre.pk}").status_code == 204
        assert manager.get(f"genres/{genre.pk}").status_code == 404
    response = manager.patch(f"genres/{epic.pk}", {"is_withdrawn": False})
    assert response.json()["error"]["code"] == "GENRE_PARENT_WITHDRAWN"
    response = manager.patch(f"genres/{epic.pk}", {"is_withdrawn": False, "parent_id": fiction.pk})
    epic.refresh_from_db()
    assert response.json() == {"data": _genre(epic, 1)}
    response = manager.patch(f"genres/{epic.pk}", {"is_withdrawn": True})
    assert list(response.json()["error"]["details"]) == ["is_withdrawn"]


def test_change_of_a_withdrawn_genre_alone_does_not_show_it(manager, tree):
    old = Genre.objects.get(name="Old")
    response = manager.patch(f"genres/{old.pk}", {"name": "Older"})

    assert (response.status_code, response.json()["error"]["code"]) == (404, "GENRE_NOT_FOUND")
    old.refresh_from_db()
    assert old.name == "Old"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_change_of_a_genre_that_is_not_there_is_404(manager, method):
    for genre_id in (0, 10**30):
        response = manager.send(method, f"genres/{genre_id}", {})
        assert response.json()["error"]["code"] == "GENRE_NOT_FOUND"
