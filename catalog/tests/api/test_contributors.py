import pytest
from django.utils import timezone

from catalog.tests.factories import BookFactory, ContributorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-01")]


def _names(response):
    assert response.status_code == 200, response.content
    return [author["name"] for author in response.json()["data"]]


def test_authors_with_books_come_by_surname(api):
    book = BookFactory(authors=["Ursula K. Le Guin", "Tove Jansson"])
    moomins = BookFactory(authors=["Tove Jansson"])
    BookFactory(authors=["Tove Jansson"], work=moomins.work)
    BookFactory(authors=["Gone Author"], deleted_at=timezone.now())
    ContributorFactory(name="No Books")

    response = api.get("authors")

    assert _names(response) == ["Tove Jansson", "Ursula K. Le Guin"]
    jansson = book.credits.get(position=1).contributor
    assert response.json()["data"][0] == {
        "id": jansson.pk,
        "name": "Tove Jansson",
        "slug": "tove-jansson",
        "book_count": 2,
        "url": f"/authors/tove-jansson-{jansson.pk}/",
    }
    assert response.json()["pagination"]["total"] == 2


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("marq", ["Gabriel García Márquez"]),
        ("GARCÍA gab", ["Gabriel García Márquez"]),
        ("arquez", []),
        ("le guin", ["Ursula K. Le Guin"]),
        ("%", ["Ursula K. Le Guin", "Gabriel García Márquez"]),
        ("_", ["Ursula K. Le Guin", "Gabriel García Márquez"]),
        ("' OR 1=1", []),
    ],
)
def test_authors_are_found_by_beginnings_of_their_names(api, words, found):
    BookFactory(authors=["Gabriel García Márquez", "Ursula K. Le Guin"])

    assert sorted(_names(api.get("authors", query={"q": words}))) == sorted(found)


def test_author_has_a_life(api):
    author = BookFactory(authors=["Tove Jansson"]).credits.get().contributor
    author.biography = "Lived on an island."
    author.save()

    assert api.get(f"authors/{author.pk}").json() == {
        "data": {
            "id": author.pk,
            "name": "Tove Jansson",
            "slug": "tove-jansson",
            "book_count": 1,
            "url": f"/authors/tove-jansson-{author.pk}/",
            "biography": "Lived on an island.",
        }
    }


def test_author_who_is_not_there_is_404(api):
    response = api.get("authors/999999")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "AUTHOR_NOT_FOUND"


def test_bad_parameters_of_authors_are_400_and_named(api):
    for query, field in (({"size": 0}, "size"), ({"name": "x"}, "name")):
        response = api.get("authors", query=query)
        assert response.status_code == 400
        assert list(response.json()["error"]["details"]) == [field]


@pytest.mark.parametrize("rows", [1, 3])
def test_authors_take_two_queries(api, rows, django_assert_num_queries):
    for n in range(rows):
        BookFactory(authors=[f"Author {n}"])

    with django_assert_num_queries(2):
        assert len(_names(api.get("authors"))) == rows
