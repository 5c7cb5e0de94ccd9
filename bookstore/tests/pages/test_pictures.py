"""Pages show a book's picture in the width that is needed, with room kept for it."""

import re

import pytest

from catalog.enums import CoverState
from catalog.models import Cover
from catalog.selectors import books
from catalog.tests.factories import BookFactory

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]


@pytest.fixture
def book():
    book = BookFactory(title="Emma")
    Cover.objects.create(book=book, state=CoverState.READY, width=1_000, height=1_600)
    return book


def image_of(page, key):
    return next(each for each in re.findall(r"<img [^>]*>", page) if str(key) in each)


@pytest.mark.parametrize("path", ["page", "/books/"])
def test_page_and_list_show_the_picture_in_widths_with_its_proportions(path, book, client):
    (card,) = books.cards_by_ids([book.pk])
    image = image_of(client.get(card.path if path == "page" else path).text, book.cover.key)

    assert f'src="{card.cover_path}"' in image
    assert f'srcset="{card.picture.srcset}"' in image
    assert 'width="240" height="384"' in image


def test_other_sites_are_shown_the_largest_picture_by_its_whole_address(book, client):
    (card,) = books.cards_by_ids([book.pk])
    page = client.get(card.path).text
    whole = f"http://testserver/media/covers/{book.cover.key}/960.jpg"

    assert f'<meta property="og:image" content="{whole}">' in page
    assert f'"image": "{whole}"' in page or f'"image":"{whole}"' in page


def test_picture_elsewhere_is_named_as_it_is(book, client, settings):
    settings.MEDIA_URL = "https://images.example/"
    (card,) = books.cards_by_ids([book.pk])
    page = client.get(card.path).text

    assert 'content="https://images.example/covers/' in page
    assert "http://testserverhttps" not in page
