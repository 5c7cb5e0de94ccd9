"""Two merges that go against each other: no edition is left without a work."""

import pytest

from catalog.models import Book, Work
from catalog.services import works
from catalog.tests.factories import BookFactory
from tests.fixtures.at_once import DONE, all_at_once, count_endings, read_without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("CATL-09")]


def merge_against_each_other():
    ids = [BookFactory().work_id, BookFactory().work_id]
    return count_endings(
        all_at_once(
            lambda number: works.merge_works(
                work_id=ids[number], into_id=ids[1 - number], actor_id=None
            ),
            threads=2,
        )
    )


def test_of_two_merges_against_each_other_the_second_finds_nothing():
    assert merge_against_each_other() == {DONE: 1, "WorkNotFound": 1}
    assert Work.objects.get().editions.count() == 2


def test_control_without_locks_the_second_crashes(monkeypatch):
    read_without_locks(monkeypatch, 2)
    endings = merge_against_each_other()
    # A deadlock, or a work that is deleted under its editions: a crash, not an answer.
    assert (endings[DONE], endings["WorkNotFound"]) == (1, 0)
    assert Book.objects.count() == 2
