"""Doing the work that covers leave to jobs, in a test."""

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def queued():
    """Return the names of the catalogue's jobs that wait, oldest first."""
    waiting = ProcrastinateJob.objects.filter(status="todo", task_name__startswith="catalog.")
    return list(waiting.order_by("id").values_list("task_name", flat=True))


def do_all():
    """Do the catalogue's waiting jobs and those that they lead to."""
    while True:
        waiting = ProcrastinateJob.objects.filter(status="todo", task_name__startswith="catalog.")
        job = waiting.order_by("id").first()
        if job is None:
            return
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.id])
        app.tasks[job.task_name](**job.args)
