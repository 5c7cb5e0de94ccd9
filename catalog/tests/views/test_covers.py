"""Covers as pictures: kept for ever under their key, for a while under any other address; T071."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.covers import files
from catalog.selectors import books
from catalog.services import covers
from catalog.tests import cover_jobs
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import with_everything
from core.ids import uuid7

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


@pytest.fixture
def ready(media):
    """A cover with all its files."""
    cover = covers.take_picture(file=io.BytesIO(with_everything()), actor_id=None)
    cover_jobs.do_all()
    return cover


def path_of(cover, file="240.webp"):
    return f"/media/{files.name_of(cover.key, file)}"


def body_of(response):
    return b"".join(response.streaming_content)


@pytest.mark.req("CATL-07")
@pytest.mark.parametrize("file", [f"{w}.{kind}" for w in files.WIDTHS for kind in files.KINDS])
def test_picture_is_sent_as_nothing_but_a_picture(client, ready, file, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(path_of(ready, file))

    assert response.status_code == 200
    assert response["Content-Type"] == files.KINDS[file.split(".")[1]]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == f'inline; filename="cover-{file}"'
    policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Content-Security-Policy"] == policy
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    assert b"<script" not in body_of(response)


@pytest.mark.req("CATL-07")
def test_picture_that_a_browser_has_is_not_sent_again(client, ready):
    first = client.get(path_of(ready))
    body_of(first)
    again = client.get(path_of(ready), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.req("CATL-07")
@pytest.mark.parametrize(
    "file",
    ["master.jpg", "240.svg", "240.html", "241.webp", "240.webp/../master.jpg", "240.webp%00.html"],
)
def test_nothing_else_of_a_cover_is_sent(client, ready, file):
    assert client.get(path_of(ready, file)).status_code in (400, 404)


@pytest.mark.req("CATL-07")
def test_picture_that_is_not_there_is_not_found(client, media):
    assert client.get(f"/media/covers/{uuid7()}/240.webp").status_code == 404


@pytest.mark.req("CATL-07")
def test_drawn_cover_runs_nothing_either(client, card):
    policy = client.get(card.cover_path)["Content-Security-Policy"]

    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
