from datetime import date

import pytest
from django.utils import timezone

from catalog.tests.factories import BookFactory, BranchFactory
from core.pagination import Window
from engagement.selectors import staff_picks
from engagement.tests.factories import StaffPickFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("ENGM-06")]


def test_notes_come_as_ordered_and_newest_first():
    third = StaffPickFactory(position=2)
    second = StaffPickFactory(position=1, picked_on=date(2026, 10, 1))
    first = StaffPickFactory(position=1, picked_on=date(2026, 10, 2))
    notes = staff_picks.first_notes(3)
    assert [note.book_id for note in notes] == [first.book_id, second.book_id, third.book_id]


def test_shelf_names_a_book_once():
    book = BookFactory()
    StaffPickFactory(book=book, bookseller="Maya", position=1)
    StaffPickFactory(book=book, bookseller="Noa", position=2)
    assert [note.bookseller for note in staff_picks.first_notes(6)] == ["Maya"]


def test_hidden_picks_and_withdrawn_books_are_left_out():
    StaffPickFactory(is_active=False)
    StaffPickFactory(book=BookFactory(deleted_at=timezone.now()))
    assert staff_picks.first_notes(6) == []
    assert staff_picks.picks_page(Window(0, 20)).items == []


def test_note_names_the_branch():
    pick = StaffPickFactory(branch=BranchFactory(name="Haifa"))
    (note,) = staff_picks.notes_of_book(pick.book_id)
    assert (note.bookseller, note.text, note.branch) == ("Maya", "Not one page too many.", "Haifa")


def test_written_sql_reads_the_notes_that_the_orm_reads():
    book, branch = BookFactory(), BranchFactory(name="Haifa")
    for number in range(4):
        StaffPickFactory(
            book=book,
            bookseller=f"Maya {number}",
            position=number % 2,
            picked_on=date(2026, 10, 1 + number // 3),
            branch=branch if number else None,
            is_active=number < 3,
        )
    StaffPickFactory()

    shown = staff_picks.picks_page(Window(0, 20)).items

    assert staff_picks.notes_of_book(book.pk) == [
        pick.note for pick in shown if pick.card.id == book.pk
    ]
    assert len(staff_picks.notes_of_book(book.pk)) == 3
