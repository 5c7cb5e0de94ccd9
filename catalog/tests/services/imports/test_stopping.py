"""Runs that are stopped, and gone on with: PROOFS T073 (killed at 50 %, run twice)."""

import io
import json
import os
import platform
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from stdnum import ean

from catalog.enums import ImportState
from catalog.errors import ImportUnderWay
from catalog.models import Book, Contributor, ImportRun, Publisher, Work
from catalog.services.imports import passes, runs
from catalog.services.imports.rejections import FileRefused
from catalog.tests.factories import GenreFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]


def isbn(number):
    body = f"978{number:09d}"
    return body + ean.calc_check_digit(body)


def file_of(count, **fields):
    """A file of books, every fifth row of which is broken."""
    rows = (
        {"isbn13": isbn(number), "title": "" if number % 5 == 4 else f"Title {number}"} | fields
        for number in range(count)
    )
    return io.BytesIO("\n".join(map(json.dumps, rows)).encode())


def registered(file, **options):
    said = {"filename": "books.jsonl", "actor_id": None, "state": ImportState.APPLYING} | options
    return runs.register_file(file=file, **said)


class Killed(BaseException):
    """What no handler hears of, as if the process were gone."""


def kill_after(batches):
    seen = []

    def hear(run):
        seen.append(run.rows_done)
        if len(seen) == batches:
            raise Killed

    return hear


def killed_run(file, **options):
    """Return a run whose process is gone after two batches of ten rows."""
    run = registered(file, **options)
    with pytest.raises(Killed):
        runs.go_through(run_id=run.pk, file=file, batch_size=10, on_batch=kill_after(2))
    run.refresh_from_db()
    assert run.rows_done == 20
    return run


def leave(run, **fields):
    """Let the process that is at a run be gone."""
    changes = {"beat_at": timezone.now() - runs.STALLED} | fields
    ImportRun.objects.filter(pk=run.pk).update(**changes)


def test_a_killed_run_goes_on_after_its_last_batch():
    file = file_of(50)
    run = killed_run(file)
    assert (Book.objects.count(), run.rejections.count()) == (16, 4)
    leave(run)
    runs.go_through(run_id=run.pk, file=file, batch_size=10)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.beat_at) == (ImportState.DONE, 50, None)
    assert {name: run.counts[name] for name in ("imported", "unchanged", "rejected")} == {
        "imported": 40,
        "unchanged": 0,
        "rejected": 10,
    }
    assert (Book.objects.count(), run.rejections.count()) == (40, 10)
    told = AuditEntry.objects.filter(action="catalogue.imported")
    ids = [each for entry in told for each in entry.new_value["book_ids"]]
    assert sorted(ids) == sorted(Book.objects.values_list("pk", flat=True))


def test_a_killed_run_keeps_editions_of_a_work_together():
    file = file_of(50, work="emma")
    run = killed_run(file)
    leave(run)
    runs.go_through(run_id=run.pk, file=file, batch_size=10)
    assert Work.objects.count() == 1


def test_a_run_that_somebody_is_at_is_left_alone():
    file = file_of(50)
    run = killed_run(file)
    with pytest.raises(ImportUnderWay):
        runs.go_through(run_id=run.pk, file=file)
    run.refresh_from_db()
    assert (run.rows_done, Book.objects.count()) == (20, 16)


def test_a_run_whose_process_on_this_machine_is_gone_goes_on_at_once():
    file = file_of(50)
    run = killed_run(file)
    gone = os.fork() or os._exit(0)
    os.waitpid(gone, 0)
    run.counts["holder"] = f"{platform.node()}:{gone}"
    run.save()
    runs.go_through(run_id=run.pk, file=file)
    assert Book.objects.count() == 40


@pytest.mark.parametrize(
    "changes",
    [
        {"state": ImportState.CANCELLED},
        {"beat_at": timezone.now() + timedelta(seconds=1)},
    ],
    ids=["cancelled", "taken up by another"],
)
def test_a_run_that_is_lost_stops_before_its_next_batch(changes):
    file = file_of(50)
    run = registered(file)

    def lose_it(after):
        if after.rows_done == 20:
            ImportRun.objects.filter(pk=run.pk).update(**changes)

    runs.go_through(run_id=run.pk, file=file, batch_size=10, on_batch=lose_it)
    run.refresh_from_db()
    assert (run.rows_done, Book.objects.count(), run.rejections.count()) == (20, 16, 4)
    assert run.state == changes.get("state", ImportState.APPLYING)


def test_a_run_that_is_over_is_not_begun_again():
    file = file_of(10)
    run = registered(file)
    runs.go_through(run_id=run.pk, file=file)
    with pytest.raises(ImportUnderWay):
        runs.go_through(run_id=run.pk, file=file)


def test_an_outage_leaves_a_run_that_goes_on_soon():
    file = file_of(50)
    run = registered(file)

    def fail(after):
        raise OperationalError

    with pytest.raises(OperationalError):
        runs.go_through(run_id=run.pk, file=file, batch_size=10, on_batch=fail)
    run.refresh_from_db()
    assert (run.state, run.rows_done) == (ImportState.APPLYING, 10)
    runs.go_through(run_id=run.pk, file=file)
    assert Book.objects.count() == 40


def test_a_defect_makes_a_run_failed_and_is_raised():
    file = file_of(50)
    run = registered(file)

    def fail(after):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        runs.go_through(run_id=run.pk, file=file, batch_size=10, on_batch=fail)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.beat_at) == (ImportState.FAILED, 10, None)
    assert run.error == "This was our mistake, not the file's. What came before it was kept."


def test_a_file_that_breaks_off_makes_a_run_failed():
    run = registered(file_of(50))
    broken = io.BytesIO(b"\x1f\x8b" + b"x" * 100)
    with pytest.raises(FileRefused):
        runs.go_through(run_id=run.pk, file=broken)
    run.refresh_from_db()
    assert (run.state, run.error[:20]) == (ImportState.FAILED, "The file is damaged:")


def test_a_run_that_takes_its_process_down_again_and_again_is_given_up():
    file = file_of(50)
    run = registered(file)
    for _ in range(runs.MOST_STARTS):
        with pytest.raises(Killed):
            runs.go_through(run_id=run.pk, file=_Deadly(file.getvalue()))
        leave(run)
    with pytest.raises(ImportUnderWay):
        runs.go_through(run_id=run.pk, file=file)
    run.refresh_from_db()
    assert (run.state, Book.objects.count()) == (ImportState.FAILED, 0)


class _Deadly(io.BytesIO):
    def read(self, *args):
        raise Killed


def test_a_run_says_that_it_lives_while_it_looks_for_its_place(monkeypatch):
    file = file_of(50)
    run = killed_run(file)
    leave(run)
    monkeypatch.setattr(passes, "BEAT", -1)
    beats = []
    monkeypatch.setattr(
        passes.Pass,
        "_move_on",
        lambda self, write, moving=passes.Pass._move_on: (beats.append(1), moving(self, write)),
    )
    runs.go_through(run_id=run.pk, file=file, batch_size=10)
    assert len(beats) == 20 + 3
    assert Book.objects.count() == 40


def test_a_check_keeps_nothing_but_what_it_found():
    first = file_of(3)
    runs.go_through(run_id=registered(first).pk, file=first)
    file = file_of(8, title="Changed")
    run = registered(file, state=ImportState.UPLOADED)
    runs.go_through(run_id=run.pk, file=file, batch_size=3)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.counts["total"]) == (ImportState.CHECKED, 8, 8)
    assert (run.counts["imported"], run.counts["updated"]) == (5, 3)
    assert run.preview[0] == {
        "isbn": isbn(0),
        "title": "Changed",
        "is_new": False,
        "changes": [{"field": "title", "old": "Title 0", "new": "Changed"}],
    }
    assert [each["is_new"] for each in run.preview] == [False] * 3 + [True] * 5
    assert set(Book.objects.values_list("title", flat=True)) == {"Title 0", "Title 1", "Title 2"}


def test_a_check_names_people_and_publishers_that_only_the_file_knows():
    first = file_of(1)
    runs.go_through(run_id=registered(first).pk, file=first)
    file = file_of(1, authors=["Joan Writer"], publisher="Small Press")
    run = registered(file, state=ImportState.UPLOADED)
    runs.go_through(run_id=run.pk, file=file)
    run.refresh_from_db()
    assert run.preview[0]["changes"] == [
        {"field": "publisher", "old": "", "new": "Small Press"},
        {"field": "credits", "old": "", "new": "Joan Writer"},
    ]
    assert not Contributor.objects.exists()
    assert not Publisher.objects.exists()


def test_a_genre_that_nobody_knows_is_noted_and_left_out():
    GenreFactory(slug="poetry")
    file = file_of(2, genres=["poetry", "no-such-genre"])
    run = registered(file)
    runs.go_through(run_id=run.pk, file=file)
    run.refresh_from_db()
    assert run.counts["repairs"] == {"GENRE_UNKNOWN": 2}
    assert set(Book.objects.values_list("genres__slug", flat=True)) == {"poetry"}


@pytest.mark.parametrize("seconds", [-1, 1000])
def test_a_job_makes_room_for_others(monkeypatch, seconds):
    monkeypatch.setattr(runs, "SLICE", seconds)
    monkeypatch.setattr(runs, "FINDING", 0)
    queued = []
    monkeypatch.setattr(runs.jobs, "enqueue", lambda name, **ids: queued.append((name, ids)))
    file = file_of(50)
    run = registered(file)
    runs.go_through(run_id=run.pk, file=file, batch_size=20, pauses=True)
    run.refresh_from_db()
    if seconds < 0:
        assert queued == [("catalog.apply_import", {"import_id": str(run.pk)})]
        assert (run.state, run.rows_done, run.beat_at) == (ImportState.APPLYING, 20, None)
    else:
        assert (queued, run.state) == ([], ImportState.DONE)
