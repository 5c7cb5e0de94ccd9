"""Books show their picture once it is READY, in lists as on their page, for no query more."""

import pytest

from catalog.enums import CoverState
from catalog.models import Cover
from catalog.selectors import book_records, books
from catalog.selectors.pictures import Picture
from catalog.tests.factories import BookFactory
from core.ids import uuid7

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]
READS = [books.cards_by_ids, books.cards_even_withdrawn, book_records.records_by_ids]


def with_cover(state=CoverState.READY, **fields):
    book = BookFactory()
    Cover.objects.create(book=book, state=state, **{"width": 600, "height": 800} | fields)
    return book


@pytest.mark.parametrize("read", READS)
def test_book_with_a_ready_picture_shows_it(read, django_assert_num_queries):
    book, bare = with_cover(), BookFactory()
    queries = 2 if read.__module__.endswith(".books") else 4

    with django_assert_num_queries(queries):
        shown, drawn = read([book.pk, bare.pk])
        assert shown.picture == Picture(book.cover.key, 600, 800)
        assert shown.cover_path == f"/media/covers/{book.cover.key}/480.jpg"
        assert shown.preview_path == f"/media/covers/{book.cover.key}/960.jpg"
        assert drawn.picture is None
        assert drawn.cover_path == drawn.preview_path
        assert drawn.cover_path.startswith(f"/covers/{bare.pk}.svg?v=")


@pytest.mark.parametrize("state", [state for state in CoverState if state != CoverState.READY])
def test_book_whose_picture_is_not_ready_keeps_the_drawn_one(state):
    book = with_cover(state)

    assert [card.picture for card in books.cards_by_ids([book.pk])] == [None]


def test_picture_on_no_book_is_on_no_list():
    Cover.objects.create(state=CoverState.READY, width=600, height=800)

    assert [card.picture for card in books.cards_by_ids([BookFactory().pk])] == [None]


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1_333, {240: 240, 480: 480, 960: 960}),
        (480, {240: 240, 480: 480}),
        (300, {240: 240, 480: 300}),
        (100, {240: 100}),
    ],
)
def test_widths_are_those_that_the_files_really_have(width, widths):
    key = uuid7()

    assert Picture(key, width, 900).srcset == ", ".join(
        f"/media/covers/{key}/{file}.webp {really}w" for file, really in widths.items()
    )


def test_pictures_elsewhere_are_named_with_their_whole_address(settings):
    settings.MEDIA_URL = "https://images.example/"
    key = uuid7()

    assert Picture(key, 600, 900).path == f"https://images.example/covers/{key}/480.jpg"


def test_room_is_kept_in_the_picture_s_proportions():
    picture = Picture(uuid7(), 1_000, 1_501)

    assert (picture.shown_width, picture.shown_height) == (240, 360)
