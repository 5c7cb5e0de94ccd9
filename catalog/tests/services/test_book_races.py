"""Two people edit one book at once: nobody's change is lost unseen."""

import pytest

from catalog.models import Book
from catalog.services import books
from catalog.tests.factories import BookFactory
from tests.fixtures.at_once import DONE, all_at_once, count_endings, read_without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("CATL-01")]
CHANGES = [{"title": "Emma"}, {"subtitle": "A Novel"}]


def change_both(book, expected=None):
    return count_endings(
        all_at_once(
            lambda number: books.change_book(
                book_id=book.pk, changes=CHANGES[number], actor_id=None, expected_versions=expected
            ),
            threads=2,
        )
    )


def test_of_two_edits_of_one_version_one_is_refused():
    book = BookFactory(title="First")
    assert change_both(book, expected={1}) == {DONE: 1, "StaleEdit": 1}
    book.refresh_from_db()
    assert book.version == 2
    assert (book.title, book.subtitle) in {("Emma", ""), ("First", "A Novel")}


def test_edits_of_different_facts_both_stay():
    book = BookFactory(title="First")
    assert change_both(book) == {DONE: 2}
    book.refresh_from_db()
    assert (book.title, book.subtitle, book.version) == ("Emma", "A Novel", 3)


def test_control_without_locks_one_edit_is_lost_unseen(monkeypatch):
    book = BookFactory(title="First")
    read_without_locks(monkeypatch, 2)
    assert change_both(book, expected={1}) == {DONE: 2}
    book = Book.objects.get()
    assert (book.title, book.subtitle) in {("First", "A Novel"), ("Emma", "")}


def test_of_two_who_add_one_isbn_one_is_told_of_the_other():
    endings = all_at_once(
        lambda number: books.create_book(
            draft=books.BookDraft(isbn="9780141439587", title=f"Emma {number}"),
            stock_quantity=None,
            actor_id=None,
        ),
        threads=2,
    )
    assert count_endings(endings) == {DONE: 1, "BookDuplicateIsbn": 1}
    assert Book.objects.count() == 1
