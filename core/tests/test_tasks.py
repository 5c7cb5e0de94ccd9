"""What is cleaned up on a schedule."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import BrowserSession as Session
from core.models import IdempotencyRecord
from core.services import idempotency

pytestmark = [pytest.mark.django_db, pytest.mark.req("COMM-03")]


def test_expired_keys_go_and_living_ones_stay():
    for key in ("old", "new"):
        idempotency.claim_key(scope="user:1", route="x", key=key, fingerprint="f")
    yesterday = timezone.now() - dt.timedelta(hours=25)
    IdempotencyRecord.objects.filter(key="old").update(expires_at=yesterday)

    app.tasks["core.purge_idempotency_records"](timestamp=0)

    assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["new"]


def test_ended_sessions_go_and_living_ones_stay():
    now = timezone.now()
    for key, expires in (("old", now - dt.timedelta(days=1)), ("new", now + dt.timedelta(days=1))):
        Session.objects.create(
            session_key=key, session_data="", expire_date=expires, created_at=now
        )

    app.tasks["core.purge_sessions"](timestamp=0)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)  # the queue works on connections of its own
@pytest.mark.parametrize(
    ("status", "days", "stays"),
    [("succeeded", 8, False), ("succeeded", 6, True), ("failed", 8, True), ("todo", 8, True)],
)
def test_jobs_done_a_week_ago_go_and_others_stay(status, days, stays):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'core.purge_jobs', %s) RETURNING id",
            [status],
        )
        (job_id,) = cursor.fetchone()
        if status != "todo":
            cursor.execute(
                "INSERT INTO procrastinate_events (job_id, type) VALUES (%s, %s)", [job_id, status]
            )
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - make_interval(days => %s)", [days]
        )

    app.tasks["core.purge_jobs"](timestamp=0)

    assert ProcrastinateJob.objects.filter(pk=job_id).exists() is stays


def test_all_are_on_the_schedule():
    scheduled = {
        periodic.task.name: periodic.cron
        for periodic in app.periodic_registry.periodic_tasks.values()
    }

    assert scheduled["core.purge_idempotency_records"] == "17 * * * *"
    assert scheduled["core.purge_sessions"] == "47 3 * * *"
    assert scheduled["core.purge_jobs"] == "17 4 * * *"
