"""Covers as pictures: kept for ever under their key, for a while under any other address."""

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.selectors import books
from catalog.tests.factories import BookFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def card():
    book = BookFactory(title="Emma <&>", authors=["Jane Austen"])
    return books.cards_by_ids([book.pk])[0]


@pytest.mark.req("CATL-07")
def test_cover_under_its_key_is_kept_for_ever(client, card, django_assert_num_queries):
    with django_assert_num_queries(3):
        response = client.get(card.cover_path)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Emma &lt;&amp;&gt;" in response.text
    assert "Vary" not in response
    assert not response.cookies


@pytest.mark.req("CATL-07")
def test_cover_under_an_old_key_is_fresh_and_kept_shortly(client, card):
    response = client.get(reverse("catalog:cover", args=[card.id]), {"v": "1deadbeef"})
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Emma" in response.text


@pytest.mark.req("CATL-07")
def test_cover_not_changed_is_not_sent_again(client, card):
    first = client.get(card.cover_path)
    again = client.get(card.cover_path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.req("CATL-07")
def test_cover_of_a_withdrawn_book_is_still_drawn(client):
    book = BookFactory(title="Gone", deleted_at=timezone.now())
    assert client.get(reverse("catalog:cover", args=[book.pk])).status_code == 200


@pytest.mark.req("CATL-07")
def test_cover_of_no_book_is_not_found(client):
    assert client.get(reverse("catalog:cover", args=[1])).status_code == 404


@pytest.mark.req("CATL-09")
def test_editions_differ_in_layout(client):
    one = BookFactory(title="Emma")
    other = BookFactory(title="Emma", work=one.work)
    first, second = (client.get(reverse("catalog:cover", args=[b.pk])).text for b in (one, other))
    assert first != second
