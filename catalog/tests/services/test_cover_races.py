"""Two pictures for one book, one picture for two books, at the same moment."""

import io
import uuid

import pytest

from catalog.enums import CoverState
from catalog.models import Book, Cover
from catalog.services import covers
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import picture
from core import locks
from core.models import AuditEntry
from tests.fixtures.at_once import DONE, all_at_once, count_endings
from tests.fixtures.media import stored_files

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db(transaction=True)]
RIVALS = 6


def loose():
    return Cover.objects.create(key=uuid.uuid4(), state=CoverState.READY, width=600, height=900)


def rivals_put(books, pictures):
    return all_at_once(
        lambda number: covers.put_on_book(
            book_id=books[number].pk, cover_id=pictures[number].pk, actor_id=None
        ),
        RIVALS,
    )


def test_of_many_pictures_for_a_book_the_last_stays_and_each_is_told():
    book, pictures = BookFactory(), [loose() for _ in range(RIVALS)]
    endings = rivals_put([book] * RIVALS, pictures)

    assert count_endings(endings) == {DONE: RIVALS}
    told = AuditEntry.objects.filter(action="cover.set").order_by("pk")
    last = {"cover": str(Cover.objects.get().pk)}
    assert (told.count(), told.last().new_value) == (RIVALS, last)
    assert Book.objects.get().version == book.version + RIVALS


def test_of_many_books_that_want_a_picture_one_gets_it():
    books, wanted = [BookFactory() for _ in range(RIVALS)], loose()
    endings = rivals_put(books, [wanted] * RIVALS)

    assert count_endings(endings) == {DONE: 1, "Invalid": RIVALS - 1}
    assert AuditEntry.objects.filter(action="cover.set").count() == 1


def test_control_without_locks_rivals_are_stopped_by_the_constraint_or_lose_a_picture(monkeypatch):
    monkeypatch.setattr(locks, "lock_row", lambda rows: rows.first())
    wrong = False
    for _round in range(20):
        book, pictures = BookFactory(), [loose() for _ in range(RIVALS)]
        endings = count_endings(rivals_put([book] * RIVALS, pictures))
        version = Book.objects.get(pk=book.pk).version
        wrong = endings != {DONE: RIVALS} or version != book.version + RIVALS
        Cover.objects.all().delete()
        if wrong:
            break

    assert wrong


def test_picture_removed_while_many_jobs_make_it_ready_leaves_nothing(media):
    book = BookFactory()
    cover = covers.take_picture(file=io.BytesIO(picture(size=(200, 300))), actor_id=None)
    covers.put_on_book(book_id=book.pk, cover_id=cover.pk, actor_id=None)

    def work(number):
        if number:
            covers.make_renditions(cover_id=cover.pk)
        else:
            covers.remove_from_book(book_id=book.pk, actor_id=None)

    endings = count_endings(all_at_once(work, 3))
    covers.remove_files(key=cover.key)

    assert endings[DONE] >= 1
    assert set(endings) <= {DONE, "FileNotFoundError", "Busy"}
    assert (Cover.objects.count(), stored_files(media)) == (0, [])
