"""Counts of genres are remembered, and made anew by every committed change of what they count."""

import pytest
from django.db import transaction

from catalog.models import BookGenre
from catalog.selectors import genres
from catalog.services import books
from catalog.services import genres as genre_services
from catalog.services.book_drafts import BookDraft
from catalog.tests.factories import BookFactory, GenreFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("CATL-08"),
    pytest.mark.usefixtures("remembered_counts"),
]


@pytest.fixture
def crime():
    return GenreFactory(name="Crime")


@pytest.fixture
def book(crime):
    return BookFactory(genres=[crime])


def counted():
    return {node.name: node.book_count for node in genres.genre_tree()}


def test_counting_is_done_once(book, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert counted() == {"Crime": 1}
    with django_assert_num_queries(1):
        assert counted() == {"Crime": 1}


def test_withdrawal_and_return_are_counted(book):
    assert counted() == {"Crime": 1}
    books.withdraw_book(book_id=book.pk, actor_id=None)
    assert counted() == {"Crime": 0}
    books.restore_book(book_id=book.pk, actor_id=None)
    assert counted() == {"Crime": 1}


def test_new_book_is_counted(crime):
    assert counted() == {"Crime": 0}
    draft = BookDraft(isbn="9780552166591", title="Magic", genre_ids=(crime.pk,))
    books.save_book(draft=draft, actor_id=None)
    assert counted() == {"Crime": 1}


def test_moved_genre_is_counted_where_it_is(book, crime):
    fiction = genre_services.create_genre(name="Fiction", actor_id=None)
    assert counted() == {"Crime": 1, "Fiction": 0}
    genre_services.change_genre(genre_id=crime.pk, changes={"parent_id": fiction.pk}, actor_id=None)
    assert counted() == {"Fiction": 1}


def test_what_was_rolled_back_is_not_counted(book):
    counted()
    with transaction.atomic():
        books.withdraw_book(book_id=book.pk, actor_id=None)
        transaction.set_rollback(True)
    assert counted() == {"Crime": 1}


def test_change_past_the_services_is_not_seen_for_a_while(book):
    """The control: without `forget` the old count stands, so the tests above prove something."""
    counted()
    BookGenre.objects.all().delete()
    assert counted() == {"Crime": 1}
