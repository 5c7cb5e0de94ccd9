"""Files that staff hand in: kept, checked, applied, stopped, forgotten."""

import datetime as dt
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.tests.factories import UserFactory
from catalog.enums import ImportState
from catalog.errors import ImportNotReady
from catalog.models import Book, ImportRun
from catalog.services.imports import runs, uploads
from catalog.services.imports.rejections import FileRefused
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
ROWS = [
    {"isbn13": "9780140449136", "title": "Crime and Punishment"},
    {"isbn13": "9780439023481", "title": "The Hunger Games"},
    {"isbn13": "", "title": "Nothing"},
]


@pytest.fixture
def actor():
    return UserFactory()


@pytest.fixture
def upload(actor):
    def hand_in(content=None, name="../../etc/books.jsonl", **options):
        content = "\n".join(map(json.dumps, ROWS)) if content is None else content
        said = {"fills_gaps_only": False, "actor_id": actor.pk} | options
        return uploads.upload(file=ContentFile(content.encode()), filename=name, **said)

    return hand_in


def stored_files():
    storage = storages["private"]
    return storage.listdir("imports")[1] if storage.exists("imports") else []


def queued():
    return [
        (job.task_name, job.args["import_id"])
        for job in ProcrastinateJob.objects.filter(status="todo").order_by("id")
    ]


def actions(run):
    found = AuditEntry.objects.filter(entity_id=str(run.pk)).order_by("id")
    return list(found.values_list("action", flat=True))


def test_an_upload_waits_for_its_check(upload, actor):
    run = upload()
    assert (run.filename, run.state, run.format) == ("books.jsonl", ImportState.UPLOADED, "jsonl")
    assert run.stored_as.removeprefix("imports/") in stored_files()
    assert queued() == [("catalog.check_import", str(run.pk))]
    entry = AuditEntry.objects.get(entity_id=str(run.pk))
    assert (entry.action, entry.actor_id) == ("import.uploaded", actor.pk)
    assert "books" not in json.dumps(entry.new_value)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "CON", "a" * 4_000 + ".csv", "a\\b.csv"])
def test_the_name_of_an_upload_is_only_shown(upload, name):
    run = upload(name=name)
    assert run.stored_as.startswith("imports/")
    assert "/" not in run.filename
    assert len(run.filename) <= 255
    assert name not in run.stored_as


@pytest.mark.parametrize(("content", "problem"), [("", "FILE_EMPTY"), ("x,y\n1,2", None)])
def test_a_refused_upload_leaves_nothing(upload, content, problem, settings):
    if problem is None:
        settings.IMPORT_MOST_BYTES, problem = 3, "FILE_TOO_LARGE"
    before = stored_files()
    with pytest.raises(FileRefused) as caught:
        upload(content)
    assert caught.value.problem == problem
    assert (ImportRun.objects.count(), queued(), stored_files()) == (0, [], before)


def test_a_check_and_an_apply(upload, actor):
    run = upload()
    uploads.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts["imported"], Book.objects.count()) == (ImportState.CHECKED, 2, 0)
    assert list(run.rejections.values_list("row", "code")) == [(3, "ISBN_MISSING")]

    uploads.apply(run_id=run.pk, actor_id=actor.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.rejections.count()) == (ImportState.APPLYING, 0, 0)
    assert queued()[-1] == ("catalog.apply_import", str(run.pk))
    uploads.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts["imported"], Book.objects.count()) == (ImportState.DONE, 2, 2)
    assert list(run.rejections.values_list("row", "code")) == [(3, "ISBN_MISSING")]
    assert actions(run) == ["import.uploaded", "import.applied", "catalogue.imported"]

    uploads.work_on(run_id=run.pk)
    assert actions(run)[3:] == []


def test_the_same_file_again_changes_nothing(upload, actor):
    for wanted in ({"imported": 2, "unchanged": 0}, {"imported": 0, "unchanged": 2}):
        run = upload()
        uploads.work_on(run_id=run.pk)
        uploads.apply(run_id=run.pk, actor_id=actor.pk)
        uploads.work_on(run_id=run.pk)
        run.refresh_from_db()
        assert {name: run.counts[name] for name in wanted} == wanted
    assert Book.objects.count() == 2


def test_a_step_that_does_not_follow_is_refused(upload, actor):
    run = upload()
    for step in (uploads.apply, uploads.go_on):
        with pytest.raises(ImportNotReady):
            step(run_id=run.pk, actor_id=actor.pk)
    uploads.cancel(run_id=run.pk, actor_id=actor.pk)
    with pytest.raises(ImportNotReady):
        uploads.cancel(run_id=run.pk, actor_id=actor.pk)
    uploads.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_done) == (ImportState.CANCELLED, 0)
    assert actions(run) == ["import.uploaded", "import.cancelled"]


def test_a_file_that_breaks_off_is_told_by_its_run(upload):
    run = upload("isbn13,title\n" + 'a,"b\n' + 'a","b\n' * 300_000)
    uploads.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert run.error == "In too many rows a quotation mark is opened and never closed."


@pytest.mark.parametrize("is_checked", [False, True])
def test_a_failed_run_goes_on_where_it_was(upload, actor, is_checked):
    run = upload()
    if is_checked:
        uploads.work_on(run_id=run.pk)
        uploads.apply(run_id=run.pk, actor_id=actor.pk)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.FAILED, error="Once", rows_done=1)
    uploads.go_on(run_id=run.pk, actor_id=actor.pk)
    run.refresh_from_db()
    state = ImportState.APPLYING if is_checked else ImportState.CHECKING
    assert (run.state, run.error, run.rows_done) == (state, "", 1)
    uploads.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_done) == (
        ImportState.DONE if is_checked else ImportState.CHECKED,
        3,
    )
    assert Book.objects.count() == (1 if is_checked else 0)


def test_only_stalled_runs_are_queued_again(upload, actor):
    ages = {"live": dt.timedelta(0), "stalled": runs.STALLED * 2, "queued": None}
    made = {}
    for name, age in ages.items():
        made[name] = upload()
        ImportRun.objects.filter(pk=made[name].pk).update(
            state=ImportState.CHECKING, beat_at=age if age is None else timezone.now() - age
        )
    ProcrastinateJob.objects.all().update(status="succeeded")
    assert [uploads.resume_stalled(), uploads.resume_stalled()] == [1, 0]
    assert queued() == [("catalog.check_import", str(made["stalled"].pk))]


def test_purge_forgets_old_runs_and_loose_files(upload):
    old, live, new = upload(), upload(), upload()
    long_ago = timezone.now() - uploads.KEPT * 2
    ImportRun.objects.exclude(pk=new.pk).update(created_at=long_ago)
    ImportRun.objects.filter(pk=live.pk).update(beat_at=timezone.now())
    loose = storages["private"].save("imports/loose", ContentFile(b"x"))
    uploads.purge()
    assert set(ImportRun.objects.values_list("pk", flat=True)) == {live.pk, new.pk}
    assert not storages["private"].exists(old.stored_as)
    assert storages["private"].exists(loose)
    uploads._purge_loose_files(timezone.now() + dt.timedelta(days=1))
    assert not storages["private"].exists(loose)
    assert storages["private"].exists(new.stored_as)
