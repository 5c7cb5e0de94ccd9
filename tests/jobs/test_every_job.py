"""Each job twice, and many times at once, does what once does: PROOFS T088.

The cases are held against the registry: a job without one fails here. Jobs in the hands of killed
workers are tried in core/tests/services/test_stalled_jobs.py.
"""

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Letter, TokenPurpose
from accounts.models import BrowserSession, OneTimeToken
from accounts.services import letters, one_time_tokens
from accounts.tests.factories import UserFactory
from bookstore.settings.base import mailer_from_url
from catalog.models import Book, Contributor, Cover, DatedPrice
from catalog.services import covers
from catalog.tests.factories import BookFactory
from catalog.tests.pictures import picture
from commerce.services import checkout
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart
from core.models import AuditEntry, IdempotencyRecord, MailDelivery
from core.services import idempotency, mailing
from tests.architecture.tree import APPS
from tests.jobs import imports
from tests.servers.mail import MailServer

pytestmark = [pytest.mark.req("BASE-05", "COMM-03"), pytest.mark.django_db(transaction=True)]
AT_ONCE = 8
LONG_AGO = dt.timedelta(days=40)
SCHEDULED = {"timestamp": 0}


@pytest.fixture
def server(settings):
    """The mail server of these jobs."""
    mail_server = MailServer()
    mail_server.start()
    settings.MAILERS = {"default": mailer_from_url(mail_server.url)}
    yield mail_server
    mail_server.stop()


def queued(task_name):
    """Return the arguments of the one job of this name that was enqueued."""
    return ProcrastinateJob.objects.get(task_name=task_name).args


def old_and_new_keys():
    for key in ("old", "new"):
        idempotency.claim_key(scope="user:1", route="x", key=key, fingerprint="f")
    IdempotencyRecord.objects.filter(key="old").update(expires_at=timezone.now() - LONG_AGO)
    return SCHEDULED


def old_and_new_sessions():
    for key, age in (("old", LONG_AGO), ("new", -LONG_AGO)):
        BrowserSession.objects.create(
            session_key=key,
            session_data="",
            expire_date=timezone.now() - age,
            created_at=timezone.now(),
        )
    return SCHEDULED


def old_and_new_tokens():
    for email in ("old@example.com", "new@example.com"):
        one_time_tokens.issue(TokenPurpose.NOTICE, user=None, email=email)
    OneTimeToken.objects.filter(email="old@example.com").update(
        expires_at=timezone.now() - LONG_AGO
    )
    return SCHEDULED


def old_and_new_mails():
    for key in ("old", "new"):
        MailDelivery.objects.create(key=key, claimed_until=timezone.now())
    MailDelivery.objects.filter(key="old").update(created_at=timezone.now() - LONG_AGO)
    return SCHEDULED


def insert_job(status):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'core.purge_sessions', %s) RETURNING id",
            [status],
        )
        return cursor.fetchone()[0]


def old_and_new_jobs():
    for status in ("succeeded", "todo"):
        job_id = insert_job(status)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_events (job_id, type, at)"
                " VALUES (%s, 'succeeded', now() - interval '40 days')",
                [job_id],
            )
    return SCHEDULED


def stalled_job():
    insert_job("doing")
    return SCHEDULED


def letter():
    letters.post(Letter.WELCOME, user=UserFactory())
    return queued("accounts.send_letter")


def confirmed_order():
    book = stocked_book(WarehouseFactory(), 5)
    checkout.check_out(user=user_with_cart(book), request=DELIVERY)
    return queued("commerce.send_order_confirmation")


def picture_taken():
    covers.take_picture(file=io.BytesIO(picture(size=(200, 300))), actor_id=None)
    return queued("catalog.make_renditions")


def picture_removed():
    cover = covers.take_picture(file=io.BytesIO(picture(size=(200, 300))), actor_id=None)
    Cover.objects.all().delete()
    return {"key": str(cover.key), "request_id": "r"}


def old_and_new_pictures():
    for width, age in ((1, LONG_AGO), (2, dt.timedelta())):
        cover = Cover.objects.create(width=width)
        Cover.objects.filter(pk=cover.pk).update(created_at=timezone.now() - age)
    return SCHEDULED


def picture_named():
    Cover.objects.create(state="FETCHING", source_url="https://127.0.0.1/cover.jpg")
    return {"cover_id": str(Cover.objects.get().pk), "request_id": "r"}


def renamed_author():
    book = BookFactory(authors=["Ada First"])
    person = book.credits.get().contributor
    Contributor.objects.filter(pk=person.pk).update(sort_name="zoe last")
    return {"kind": "contributor", "row_id": person.pk, "request_id": "r"}


def sort_authors(server):
    return list(Book.objects.values_list("sort_author", flat=True))


def cover_states(server):
    return list(Cover.objects.values_list("state", flat=True))


def cover_folders(server):
    folders, loose = default_storage.listdir("covers")
    return [default_storage.listdir(f"covers/{each}")[1] for each in folders][-1], loose


def cover_widths(server):
    return list(Cover.objects.values_list("width", flat=True))


def announced_price():
    book = BookFactory(price=40)
    DatedPrice.objects.create(book=book, amount=30, from_on=timezone.localdate())
    return SCHEDULED


def prices(server):
    return [
        (f"{book.price}", book.version, AuditEntry.objects.filter(entity_id=book.pk).count())
        for book in Book.objects.all()
    ]


def keys(server):
    return list(IdempotencyRecord.objects.values_list("key", flat=True))


def session_keys(server):
    return list(BrowserSession.objects.values_list("session_key", flat=True))


def token_addresses(server):
    return list(OneTimeToken.objects.values_list("email", flat=True))


def mail_keys(server):
    return list(MailDelivery.objects.values_list("key", flat=True))


def jobs(server):
    return list(ProcrastinateJob.objects.values_list("status", "attempts"))


def mails(server):
    return len(server.received)


# name: (what there is before; its arguments), (what to look at), what is to be seen after.
CASES = {
    "catalog.make_renditions": (picture_taken, cover_states, ["READY"]),
    "catalog.fetch_cover": (picture_named, cover_states, ["REFUSED"]),
    "catalog.remove_cover_files": (picture_removed, cover_folders, ([], [])),
    "catalog.purge_covers": (old_and_new_pictures, cover_widths, [2]),
    "core.purge_idempotency_records": (old_and_new_keys, keys, ["new"]),
    "core.purge_sessions": (old_and_new_sessions, session_keys, ["new"]),
    "accounts.purge_sessions": (old_and_new_sessions, session_keys, ["new"]),
    "accounts.purge_one_time_tokens": (old_and_new_tokens, token_addresses, ["new@example.com"]),
    "core.purge_mail_deliveries": (old_and_new_mails, mail_keys, ["new"]),
    "core.purge_jobs": (old_and_new_jobs, jobs, [("todo", 0)]),
    "core.retry_stalled_jobs": (stalled_job, jobs, [("todo", 1)]),
    "catalog.check_import": (imports.file_to_check, imports.seen, [("CHECKED", 2, 1, 0)]),
    "catalog.apply_import": (imports.file_to_apply, imports.seen, [("DONE", 2, 1, 1)]),
    "catalog.resume_imports": (imports.stalled, jobs, [("todo", 0)]),
    "catalog.purge_imports": (imports.old_and_new, imports.names, ["new.csv"]),
    "catalog.apply_dated_prices": (announced_price, prices, [("30.00", 2, 1)]),
    "catalog.follow_rename": (renamed_author, sort_authors, ["zoe last"]),
    "accounts.send_letter": (letter, mails, 1),
    "commerce.send_order_confirmation": (confirmed_order, mails, 1),
}


def test_every_registered_job_has_a_case():
    ours = {name for name in app.tasks if name.split(".", 1)[0] in {*APPS, "core"}}

    assert ours == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_job_done_twice_does_what_once_does(name, server):
    arrange, look, wanted = CASES[name]
    arguments = arrange()
    assert look(server) != wanted

    for _ in range(2):
        app.tasks[name](**arguments)
        assert look(server) == wanted


@pytest.mark.parametrize("name", CASES)
def test_a_job_done_many_times_at_once_does_what_once_does(name, server):
    arrange, look, wanted = CASES[name]
    arguments = arrange()
    barrier = Barrier(AT_ONCE)

    def run(_):
        try:
            barrier.wait(timeout=30)
            app.tasks[name](**arguments)
        except mailing.MailInFlight:
            return "tries again later"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        endings = list(pool.map(run, range(AT_ONCE)))

    assert "done" in endings
    assert look(server) == wanted
