"""The people who make books."""

import pytest

from catalog.enums import ContributorRole
from catalog.models import BookContributor, Contributor
from catalog.tests.factories import BookFactory, SeriesFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("DISC-05")]


@pytest.mark.parametrize("rows", [1, 3])
def test_author_takes_a_constant_number_of_queries(client, rows, django_assert_num_queries):
    for number in range(rows):
        BookFactory(title=f"Book {number}", authors=["Ada Lovelace"])
    ada = Contributor.objects.get()
    with django_assert_num_queries(4):
        response = client.get(ada.get_absolute_url())
    assert response.text.count('class="title"') == rows
    assert "<title>Books by Ada Lovelace –" in response.text


def test_books_stand_by_role_and_series(client):
    BookFactory(title="Volume", series=SeriesFactory(name="The Saga"), authors=["Ada Lovelace"])
    BookFactory(title="Alone", authors=["Ada Lovelace"])
    ada = Contributor.objects.get()
    other = BookFactory(title="Foreign", authors=["Luigi Menabrea"])
    BookContributor.objects.create(book=other, contributor=ada, role=ContributorRole.TRANSLATOR)
    text = client.get(ada.get_absolute_url()).text
    places = [text.index(part) for part in ("The Saga", "Other books", "As translator", "Foreign")]
    assert places == sorted(places)


def test_old_address_leads_to_the_canonical_one(client):
    BookFactory(authors=["Ada Lovelace"])
    ada = Contributor.objects.get()
    response = client.get(f"/authors/somebody-{ada.pk}/")
    assert (response.status_code, response["Location"]) == (301, ada.get_absolute_url())


def test_unknown_author_is_not_found(client):
    assert client.get("/authors/nobody-1/").status_code == 404
