"""Covers: taken in, put on books, made ready, cleared away; T070 as far as nothing may be kept."""

import io

import pytest
from django.utils import timezone

from catalog.covers import files
from catalog.enums import CoverState
from catalog.errors import BadImage, BookNotFound, BookWithdrawn, CoverNotFound
from catalog.models import Book, Cover
from catalog.services import covers
from catalog.tests import cover_jobs
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import HTML, picture
from core.errors import Invalid, StaleEdit
from core.ids import uuid7
from core.models import AuditEntry
from tests.fixtures.media import stored_files

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.django_db]


def taken(**options):
    return covers.take_picture(file=io.BytesIO(picture(**options)), actor_id=None)


def on_book(book, cover):
    return covers.put_on_book(book_id=book.pk, cover_id=cover.pk, actor_id=None)


def names_of(cover):
    return sorted(files.all_names(cover.key))


def trail(book):
    rows = AuditEntry.objects.filter(entity_type="book", entity_id=str(book.pk)).order_by("pk")
    return list(rows.values_list("action", "old_value", "new_value"))


def test_picture_is_kept_under_a_random_name_and_made_ready_by_a_job(media):
    cover = taken(size=(600, 900))

    assert (cover.state, cover.book_id) == (CoverState.PROCESSING, None)
    assert (cover.key.version, stored_files(media)) == (4, [f"covers/{cover.key}/master.jpg"])
    assert cover_jobs.queued() == ["catalog.make_renditions"]
    cover_jobs.do_all()
    cover.refresh_from_db()
    assert (cover.state, cover.width, cover.height) == (CoverState.READY, 600, 900)
    assert stored_files(media) == names_of(cover)


def test_refused_picture_leaves_nothing(media):
    with pytest.raises(BadImage):
        covers.take_picture(file=io.BytesIO(HTML), actor_id=None)

    assert (Cover.objects.count(), cover_jobs.queued(), stored_files(media)) == (0, [], [])


def test_cover_on_a_book_bumps_its_version_and_is_told(media):
    book, cover, actor = BookFactory(), taken(), uuid7()
    covers.put_on_book(book_id=book.pk, cover_id=cover.pk, actor_id=actor)

    cover.refresh_from_db()
    assert cover.book_id == book.pk
    assert Book.objects.get(pk=book.pk).version == book.version + 1
    assert trail(book) == [("cover.set", None, {"cover": str(cover.pk)})]
    assert AuditEntry.objects.get().actor_id == actor


def test_cover_put_on_twice_changes_nothing_the_second_time(media):
    book, cover = BookFactory(), taken()
    for _ in range(2):
        on_book(book, cover)

    assert Book.objects.get(pk=book.pk).version == book.version + 1
    assert len(trail(book)) == 1


def test_a_book_that_gets_its_picture_ready_looks_different_and_says_so(media):
    book, cover = BookFactory(), taken()
    on_book(book, cover)
    cover_jobs.do_all()

    assert Book.objects.get(pk=book.pk).version == book.version + 2


def test_new_picture_takes_the_place_of_the_old_whose_files_go(media):
    book, old, new = BookFactory(), taken(), taken(shade=(1, 2, 3))
    on_book(book, old)
    cover_jobs.do_all()
    on_book(book, new)

    assert list(Cover.objects.values_list("pk", flat=True)) == [new.pk]
    assert stored_files(media) == sorted(names_of(old) + names_of(new))
    cover_jobs.do_all()
    assert stored_files(media) == names_of(new)
    assert trail(book)[-1] == ("cover.set", {"cover": str(old.pk)}, {"cover": str(new.pk)})


def test_removed_picture_goes_with_its_files(media):
    book, cover = BookFactory(), taken()
    on_book(book, cover)
    cover_jobs.do_all()
    covers.remove_from_book(book_id=book.pk, actor_id=None)
    cover_jobs.do_all()

    assert (Cover.objects.count(), stored_files(media)) == (0, [])
    assert trail(book)[-1] == ("cover.removed", {"cover": str(cover.pk)}, None)
    assert Book.objects.get(pk=book.pk).version == book.version + 3


def test_removing_what_is_not_there_is_refused(media):
    book = BookFactory()
    with pytest.raises(CoverNotFound):
        covers.remove_from_book(book_id=book.pk, actor_id=None)

    assert (trail(book), Book.objects.get(pk=book.pk).version) == ([], book.version)


def test_picture_that_cannot_be_put_on_a_book_leaves_it_as_it_is(media):
    book, other = BookFactory(), BookFactory()
    used, refused = taken(), taken()
    on_book(other, used)
    covers.refuse(cover_id=refused.pk, code="BAD_IMAGE")

    for cover_id in (used.pk, refused.pk, uuid7()):
        with pytest.raises(Invalid) as error:
            covers.put_on_book(book_id=book.pk, cover_id=cover_id, actor_id=None)
        assert list(error.value.data["fields"]) == ["cover"]
    assert (trail(book), Book.objects.get(pk=book.pk).version) == ([], book.version)
    assert Cover.objects.get(pk=used.pk).book_id == other.pk


def test_no_cover_for_books_that_are_not_there_or_were_edited_meanwhile(media):
    cover, book = taken(), BookFactory()
    gone = BookFactory(deleted_at=timezone.now())

    with pytest.raises(BookNotFound):
        covers.put_on_book(book_id=gone.pk + 1, cover_id=cover.pk, actor_id=None)
    with pytest.raises(BookWithdrawn):
        covers.remove_from_book(book_id=gone.pk, actor_id=None)
    with pytest.raises(StaleEdit):
        covers.put_on_book(
            book_id=book.pk,
            cover_id=cover.pk,
            actor_id=None,
            expected_versions={book.version + 1},
        )
    assert Cover.objects.get().book_id is None


def test_picture_removed_before_its_job_leaves_nothing(media):
    book, cover = BookFactory(), taken()
    on_book(book, cover)
    covers.remove_from_book(book_id=book.pk, actor_id=None)
    covers.make_renditions(cover_id=cover.pk)
    cover_jobs.do_all()

    assert stored_files(media) == []


def test_picture_removed_while_its_job_works_leaves_nothing(media, monkeypatch):
    book, cover = BookFactory(), taken()
    on_book(book, cover)
    make = covers.pictures.renditions

    def removed_meanwhile(master, budgets):
        made = make(master, budgets)
        covers.remove_from_book(book_id=book.pk, actor_id=None)
        covers.remove_files(key=cover.key)
        return made

    monkeypatch.setattr(covers.pictures, "renditions", removed_meanwhile)
    covers.make_renditions(cover_id=cover.pk)

    assert (Cover.objects.count(), stored_files(media)) == (0, [])


def test_picture_whose_file_is_missing_is_tried_again(media):
    cover = taken()
    covers.remove_files(key=cover.key)

    with pytest.raises(FileNotFoundError):
        covers.make_renditions(cover_id=cover.pk)
    assert Cover.objects.get().state == CoverState.PROCESSING


def test_pictures_that_nobody_wanted_are_forgotten_after_a_day(media):
    book = BookFactory()
    kept, young, old = taken(), taken(), taken()
    on_book(book, kept)
    long_ago = timezone.now() - covers.KEPT_LOOSE * 2
    Cover.objects.filter(pk__in=[kept.pk, old.pk]).update(created_at=long_ago)
    covers.purge_loose()
    cover_jobs.do_all()

    assert set(Cover.objects.values_list("pk", flat=True)) == {kept.pk, young.pk}
    assert stored_files(media) == sorted(names_of(kept) + names_of(young))
