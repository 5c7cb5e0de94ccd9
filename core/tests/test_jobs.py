"""A job exists iff its change does, and knows the request that started it."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from core import jobs
from core.request_context import begin_request

NAME = "core.tests.remember"


@pytest.fixture
def _job():
    app.task(name=NAME)(lambda **ids: None)
    yield
    app.tasks.pop(NAME)


@pytest.mark.req("BASE-05")
@pytest.mark.django_db
@pytest.mark.usefixtures("_job")
def test_job_is_told_the_request_that_started_it():
    begin_request("request-of-job")
    jobs.enqueue(NAME, order_id="7")

    job = ProcrastinateJob.objects.get(task_name=NAME)
    assert job.args == {"request_id": "request-of-job", "order_id": "7"}
    assert job.status == "todo"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_job")
def test_job_commits_with_its_change(rival):
    count = "SELECT count(*) FROM procrastinate_jobs"
    with transaction.atomic():
        jobs.enqueue(NAME)
        assert rival.execute(count).fetchone() == (0,)

    assert rival.execute(count).fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_job")
def test_job_of_a_change_that_was_rolled_back_is_not_there():
    with transaction.atomic():
        jobs.enqueue(NAME)
        transaction.set_rollback(True)

    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_job_that_nobody_registered_fails_at_once():
    with pytest.raises(jobs.UnknownJob):
        jobs.enqueue("core.tests.unheard_of")

    assert not ProcrastinateJob.objects.exists()
