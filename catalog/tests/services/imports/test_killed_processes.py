"""Real processes that are killed half-way, and several at one run: PROOFS T073 (killed at 50 %)."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, connections
from procrastinate.contrib.django import app
from stdnum import ean

from accounts.tests.factories import UserFactory
from catalog.enums import ImportState
from catalog.models import Book, BookSearchDocument, ImportRun, Work
from catalog.services.imports import runs, uploads
from core import locks
from core.invariants import check_all
from core.models import AuditEntry
from tests.fixtures.at_once import DONE, all_at_once, count_endings

pytestmark = [pytest.mark.req("CATL-06"), pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[4]
ROWS = 3_000
AT_ONCE = 4


def content():
    """Books of which every third shares a work with the one before; one row in 100 is broken."""
    lines = []
    for number in range(ROWS):
        body = f"978{number:09d}"
        fields = {
            "isbn13": body + ean.calc_check_digit(body),
            "title": f"Title {number}" if number % 100 else "",
            "authors": [f"Author {number % 50}"],
        }
        if number % 3:
            fields["work"] = str(number // 3)
        lines.append(json.dumps(fields))
    return "\n".join(lines).encode()


@contextmanager
def process(*arguments, private_root="/nowhere"):
    """A real process on this test's database; killed at the end if it still lives."""
    database = connections["default"].settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}")
    started = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "bookstore.settings",
            "DATABASE_URL": urlunsplit(url),
            "ALLOWED_HOSTS": "shop.test",
            "PRIVATE_ROOT": str(private_root),
        },
        stdout=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    try:
        yield started
    finally:
        kill(started)


def kill(started):
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    started.stdout.close()


def kill_half_way(started, state):
    """Kill a process when it has committed a third of the rows at least; return how many."""
    until = time.monotonic() + 60
    while not ImportRun.objects.filter(state=state, rows_done__gte=ROWS // 3).exists():
        assert time.monotonic() < until, "the import did not come so far"
        assert started.poll() is None, "the import was over before it could be killed"
        time.sleep(0.01)
    kill(started)
    run = ImportRun.objects.get()
    assert (run.state, run.rows_done < ROWS) == (state, True)
    return run.rows_done


def nothing_is_doubled_or_lost():
    run = ImportRun.objects.get()
    good = ROWS - ROWS // 100
    assert (run.state, run.rows_done) == (ImportState.DONE, ROWS)
    counts = {name: run.counts[name] for name in ("imported", "updated", "unchanged", "rejected")}
    assert counts == {"imported": good, "updated": 0, "unchanged": 0, "rejected": ROWS // 100}
    assert Book.objects.count() == BookSearchDocument.objects.count() == good
    works = set(Book.objects.values_list("work_id", flat=True))
    assert Work.objects.count() == len(works) == _works_meant()
    told = AuditEntry.objects.filter(action="catalogue.imported")
    ids = [each for entry in told for each in entry.new_value["book_ids"]]
    assert sorted(ids) == sorted(Book.objects.values_list("pk", flat=True))
    rows = list(run.rejections.order_by("row").values_list("row", flat=True))
    assert rows == list(range(1, ROWS, 100))
    assert [verdict for verdict in check_all() if verdict.breaches] == []


def _works_meant():
    good = [number for number in range(ROWS) if number % 100]
    return sum(number % 3 == 0 for number in good) + len({n // 3 for n in good if n % 3})


def test_a_command_that_is_killed_goes_on_when_it_is_called_again(tmp_path):
    file = tmp_path / "books.jsonl"
    file.write_bytes(content())
    command = ("manage.py", "import_books", str(file), "--batch-size", "50")
    with process(*command) as doomed:
        done = kill_half_way(doomed, ImportState.APPLYING)
    with process(*command) as second:
        said = second.communicate(timeout=60)[0].splitlines()
    assert said[0] == f"Going on after row {done:,}."
    assert second.returncode == 0
    nothing_is_doubled_or_lost()


def test_an_import_whose_worker_is_killed_is_done_by_another(tmp_path, settings):
    place = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path), "base_url": None},
    }
    settings.STORAGES = settings.STORAGES | {"private": place}
    assert storages["private"].location == str(tmp_path)
    actor = UserFactory().pk
    run = uploads.upload(
        file=ContentFile(content()), filename="b.jsonl", fills_gaps_only=False, actor_id=actor
    )
    worker = ("-m", "django", "procrastinate", "worker")
    with process(*worker, "--one-shot", private_root=tmp_path) as first:
        assert first.wait(timeout=60) == 0
    run.refresh_from_db()
    assert (run.state, run.rows_done, Book.objects.count()) == (ImportState.CHECKED, ROWS, 0)
    uploads.apply(run_id=run.pk, actor_id=actor)
    with process(*worker, private_root=tmp_path) as doomed:
        kill_half_way(doomed, ImportState.APPLYING)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '90 s'")
    app.tasks["core.retry_stalled_jobs"](timestamp=0)
    with process(*worker, "--one-shot", private_root=tmp_path) as second:
        assert second.wait(timeout=60) == 0
    nothing_is_doubled_or_lost()


def go_through_at_once(tmp_path):
    """Let `AT_ONCE` threads go through one run together; return how each ended."""
    file = tmp_path / "books.jsonl"
    file.write_bytes(content())
    with file.open("rb") as opened:
        run = runs.register_file(
            file=opened, filename="b", actor_id=None, state=ImportState.APPLYING
        )

    def work(_):
        with file.open("rb") as own:
            runs.go_through(run_id=run.pk, file=own)

    return count_endings(all_at_once(work, AT_ONCE))


def test_of_many_at_one_run_one_goes_through_it(tmp_path):
    assert go_through_at_once(tmp_path) == {DONE: 1, "ImportUnderWay": AT_ONCE - 1}
    nothing_is_doubled_or_lost()


def test_control_without_the_lock_many_take_up_one_run(tmp_path, monkeypatch):
    looked, mine = threading.Barrier(AT_ONCE), threading.local()
    lock_row = locks.lock_row

    def look_only_at_first(queryset):
        if hasattr(mine, "looked"):
            return lock_row(queryset)
        mine.looked = True
        row = queryset.first()
        looked.wait(timeout=30)
        return row

    monkeypatch.setattr(locks, "lock_row", look_only_at_first)
    assert go_through_at_once(tmp_path)["ImportUnderWay"] == 0
