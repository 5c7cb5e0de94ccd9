"""Letters in the hands of a worker that was killed go out all the same: PROOFS T088, T089."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Letter
from accounts.services import letters
from accounts.tests.factories import UserFactory
from core.models import MailDelivery
from core.services import stalled_jobs
from tests.servers.mail import ACCEPT, HANG, HOLD, MailServer

pytestmark = [pytest.mark.req("BASE-05"), pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]
RETRY = "core.retry_stalled_jobs"


@pytest.fixture
def server():
    """The mail server that the workers of this test send by."""
    mail_server = MailServer()
    mail_server.start()
    yield mail_server
    mail_server.stop()


@contextmanager
def worker(server, *arguments):
    """Run a real worker on this test's database; killed at the end if it still lives."""
    database = connections["default"].settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}")
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "procrastinate", "worker", *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "bookstore.settings",
            "DATABASE_URL": urlunsplit(url),
            "EMAIL_URL": server.url,
            "ALLOWED_HOSTS": "shop.test",
        },
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def jobs_by_status():
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.send_letter")
    return sorted(jobs.values_list("status", flat=True))


def let_time_pass():
    """What 90 seconds would do: the dead worker's heartbeat is old, its claim has lapsed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '90 s'")
    MailDelivery.objects.update(claimed_until=timezone.now())


def run_retry():
    app.tasks[RETRY](timestamp=0)


def test_the_letters_of_a_killed_worker_go_out_once(server):
    for _ in range(3):
        letters.post(Letter.WELCOME, user=UserFactory())
    server.mood = HANG
    with worker(server) as doomed:
        assert server.visited.wait(timeout=60)
        os.killpg(doomed.pid, signal.SIGKILL)
        doomed.wait()
    assert jobs_by_status() == ["doing", "todo", "todo"]
    server.mood = ACCEPT

    run_retry()  # too early: it might only be slow
    assert jobs_by_status() == ["doing", "todo", "todo"]
    let_time_pass()
    run_retry()
    assert jobs_by_status() == ["todo", "todo", "todo"]
    with worker(server, "--one-shot") as second:
        assert second.wait(timeout=60) == 0

    assert jobs_by_status() == ["succeeded"] * 3
    assert len(server.received) == 3
    assert len(set(server.message_ids)) == 3


def test_a_worker_killed_after_the_server_took_the_mail_sends_it_under_the_same_id(server):
    letters.post(Letter.WELCOME, user=UserFactory())
    server.mood = HOLD
    with worker(server) as doomed:
        assert server.visited.wait(timeout=60)
        os.killpg(doomed.pid, signal.SIGKILL)
        doomed.wait()
    assert len(server.received) == 1
    server.mood = ACCEPT

    let_time_pass()
    run_retry()
    with worker(server, "--one-shot") as second:
        assert second.wait(timeout=60) == 0

    assert jobs_by_status() == ["succeeded"]
    assert len(server.message_ids) == 2
    assert len(set(server.message_ids)) == 1


def test_a_worker_killed_before_it_said_done_sends_nothing_again(server):
    """The mail is out and noted; only the queue has not heard of it."""
    letters.post(Letter.WELCOME, user=UserFactory())
    with worker(server, "--one-shot") as first:
        assert first.wait(timeout=60) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")

    run_retry()
    with worker(server, "--one-shot") as second:
        assert second.wait(timeout=60) == 0

    assert jobs_by_status() == ["succeeded"]
    assert len(server.received) == 1


def insert_job(task, *, attempts=1, queueing_lock=None, status="doing"):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs"
            " (queue_name, task_name, status, attempts, queueing_lock, args)"
            " VALUES ('default', %s, %s, %s, %s, '{}') RETURNING id",
            [task, status, attempts, queueing_lock],
        )
        return cursor.fetchone()[0]


def status_of(job_id):
    return ProcrastinateJob.objects.get(pk=job_id).status


def test_the_retry_itself_may_die():
    """It takes no lock, so the next minute's run takes place and puts both right."""
    dead = insert_job(RETRY, queueing_lock=RETRY)
    other = insert_job("accounts.send_letter")

    run_retry()

    assert (status_of(dead), status_of(other)) == ("todo", "todo")
    assert app.tasks[RETRY].lock is None
    assert app.tasks[RETRY].queueing_lock == RETRY


def test_a_scheduled_job_that_waits_already_is_not_queued_twice():
    dead = insert_job("core.purge_jobs", queueing_lock="core.purge_jobs")
    waiting = insert_job("core.purge_jobs", queueing_lock="core.purge_jobs", status="todo")
    other = insert_job("accounts.send_letter")

    run_retry()

    assert (status_of(dead), status_of(waiting), status_of(other)) == ("failed", "todo", "todo")


def test_a_job_that_takes_workers_down_is_given_up(caplog):
    deadly = insert_job("accounts.send_letter", attempts=stalled_jobs.MOST_DEATHS)
    other = insert_job("accounts.send_letter", attempts=stalled_jobs.MOST_DEATHS - 1)

    run_retry()

    assert (status_of(deadly), status_of(other)) == ("failed", "todo")
    assert "job_given_up" in caplog.text


def test_a_job_of_a_living_worker_is_left_alone():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker_id,) = cursor.fetchone()
    job = insert_job("accounts.send_letter")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET worker_id = %s", [worker_id])

    run_retry()

    assert status_of(job) == "doing"


def test_it_runs_every_minute():
    crons = {each.task.name: each.cron for each in app.periodic_registry.periodic_tasks.values()}

    assert crons[RETRY] == "* * * * *"
