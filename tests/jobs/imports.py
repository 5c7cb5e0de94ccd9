"""Imports as jobs find them, and what is to be seen of them."""

import datetime as dt

from django.core.files.base import ContentFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.tests.factories import UserFactory
from catalog.models import Book, ImportRun
from catalog.services.imports import uploads

LONG_AGO = dt.timedelta(days=40)
SCHEDULED = {"timestamp": 0}


def uploaded_file():
    rows = b"isbn13,title\n9780140449136,Crime\n,Nothing\n"
    return uploads.upload(
        file=ContentFile(rows), filename="b.csv", fills_gaps_only=False, actor_id=UserFactory().pk
    )


def file_to_check():
    uploaded_file()
    return _arguments("catalog.check_import")


def file_to_apply():
    run = uploaded_file()
    uploads.work_on(run_id=run.pk)
    uploads.apply(run_id=run.pk, actor_id=run.actor_id)
    return _arguments("catalog.apply_import")


def stalled():
    uploaded_file()
    ImportRun.objects.update(state="CHECKING", beat_at=timezone.now() - LONG_AGO)
    ProcrastinateJob.objects.all().delete()
    return SCHEDULED


def old_and_new():
    for name in ("old.csv", "new.csv"):
        ImportRun.objects.filter(pk=uploaded_file().pk).update(filename=name)
    ImportRun.objects.filter(filename="old.csv").update(created_at=timezone.now() - LONG_AGO)
    return SCHEDULED


def seen(server):
    said = ImportRun.objects.values_list("state", "rows_done", "counts__imported")
    return [(*each, Book.objects.count()) for each in said]


def names(server):
    return list(ImportRun.objects.values_list("filename", flat=True))


def _arguments(task_name):
    return ProcrastinateJob.objects.get(task_name=task_name).args
