"""Each mail once, whatever the server and the workers do: PROOFS T088, over real SMTP."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from smtplib import SMTPException
from threading import Barrier
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connections
from django.utils import timezone

from bookstore.settings.base import mailer_from_url
from core.models import MailDelivery
from core.services import mailing
from tests.servers.mail import ACCEPT, DIE, HANG, REFUSE, MailServer

pytestmark = [pytest.mark.req("BASE-05", "ENGM-05"), pytest.mark.django_db(transaction=True)]
KEY = "welcome:1"
AT_ONCE = 20
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def server(settings):
    """A mail server of this test's own, which the shop sends by."""
    mail_server = MailServer()
    mail_server.start()
    settings.MAILERS = {"default": mailer_from_url(mail_server.url)}
    yield mail_server
    mail_server.stop()


def compose():
    message = mailing.Mail("Grüße ✓", "Text.\n.\nnot the end", to=["ada@example.com"])
    message.attach_alternative("<p>HTML</p>", "text/html")
    return message


def deliver(key=KEY):
    return mailing.deliver_once(key=key, compose=compose)


def test_a_mail_arrives_whole(server):
    assert deliver() is True

    (message,) = server.received
    assert server.recipients == [["ada@example.com"]]
    assert message["Subject"] == "Grüße ✓"
    assert message["From"] == "shop@example.com"
    assert message["Message-ID"] == "<welcome.1@example.com>"
    assert message.get_body(("plain",)).get_content().split("\r\n") == [
        "Text.",
        ".",
        "not the end",
        "",
    ]
    assert message.get_body(("html",)).get_content().strip() == "<p>HTML</p>"


def test_a_job_that_runs_twice_mails_once(server):
    assert deliver() is True
    assert deliver() is False
    assert deliver("welcome:2") is True

    assert server.message_ids == ["<welcome.1@example.com>", "<welcome.2@example.com>"]


def all_at_once():
    """Deliver one mail from many threads at the same moment; return how each ended."""
    barrier = Barrier(AT_ONCE)

    def run(_):
        try:
            barrier.wait(timeout=30)
            return deliver()
        except mailing.MailInFlight:
            return "in flight"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return Counter(pool.map(run, range(AT_ONCE)))


def test_twenty_at_once_send_one_mail(server):
    for _ in range(5):
        endings = all_at_once()
        assert endings[True] == 1
        assert endings["in flight"] + endings[False] == AT_ONCE - 1
        assert len(server.received) == 1
        server.received.clear()
        MailDelivery.objects.all().delete()


def test_control_without_the_claim_twenty_send_more(server, monkeypatch):
    everyone_looked = Barrier(AT_ONCE)

    def look(key):
        is_sent = MailDelivery.objects.filter(key=key).exists()
        everyone_looked.wait(timeout=30)
        return None if is_sent else timezone.now()

    monkeypatch.setattr(mailing, "_claim", look)

    all_at_once()

    assert len(server.received) > 1
    assert set(server.message_ids) == {"<welcome.1@example.com>"}


def test_a_refused_mail_is_sent_by_the_next_try(server):
    server.mood = REFUSE
    for _ in range(3):
        with pytest.raises(SMTPException):
            deliver()
    assert MailDelivery.objects.get().sent_at is None

    server.mood = ACCEPT
    assert deliver() is True
    assert len(server.received) == 1


def test_a_server_that_is_down_holds_nothing_up(server):
    server.stop()
    with pytest.raises(OSError, match="refused"):
        deliver()
    with pytest.raises(OSError, match="refused"):  # the claim was given back: no MailInFlight
        deliver()


def test_a_server_that_never_answers_is_left(server, settings):
    server.mood = HANG
    settings.MAILERS["default"]["OPTIONS"]["timeout"] = 0.3
    with pytest.raises(SMTPException, match="timed out"):
        deliver()

    settings.MAILERS["default"]["OPTIONS"]["timeout"] = 20
    server.mood = ACCEPT
    assert deliver() is True
    assert len(server.received) == 1


def test_a_server_that_takes_a_mail_and_dies_gets_it_again_under_the_same_id(server):
    """Nobody can know whether it arrived; mailboxes know it again by its id."""
    server.mood = DIE
    with pytest.raises(SMTPException):
        deliver()
    server.mood = ACCEPT
    assert deliver() is True

    assert server.message_ids == ["<welcome.1@example.com>"] * 2


def test_a_letter_that_cannot_be_written_gives_its_claim_back(server):
    def broken():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        mailing.deliver_once(key=KEY, compose=broken)
    assert deliver() is True


def test_a_claim_keeps_others_away_until_it_lapses(server):
    MailDelivery.objects.create(key=KEY, claimed_until=timezone.now() + dt.timedelta(seconds=60))
    with pytest.raises(mailing.MailInFlight):
        deliver()
    assert server.received == []

    MailDelivery.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    assert deliver() is True


def test_a_failure_after_the_claim_lapsed_leaves_the_rivals_claim_alone(server):
    rivals = timezone.now() + dt.timedelta(seconds=60)

    def slow():
        MailDelivery.objects.update(claimed_until=rivals)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        mailing.deliver_once(key=KEY, compose=slow)
    assert MailDelivery.objects.get().claimed_until == rivals


def test_nobody_to_write_to_is_done_and_stays_so(server):
    assert mailing.deliver_once(key=KEY, compose=lambda: None) is False
    assert deliver() is False
    assert server.received == []


_KILLED_AFTER_SENDING = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from bookstore.settings.base import mailer_from_url
from core.services import mailing
settings.MAILERS = {"default": mailer_from_url(sys.argv[1])}
class Deadly(mailing.Mail):
    def send(self, *args, **kwargs):
        super().send(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
mailing.deliver_once(key="welcome:1", compose=lambda: Deadly("s", "b", to=["ada@example.com"]))
"""


def test_killed_between_sending_and_noting_it_sends_again_under_the_same_id(server):
    database = connections["default"].settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}")
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_AFTER_SENDING, server.url],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "bookstore.testing", "DATABASE_URL": urlunsplit(url)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(server.received) == 1
    with pytest.raises(mailing.MailInFlight):
        deliver()

    MailDelivery.objects.update(claimed_until=timezone.now())  # the claim's time is over
    assert deliver() is True
    assert server.message_ids == ["<welcome.1@example.com>"] * 2
    assert deliver() is False


def test_the_file_mailbox_holds_each_mail_once(settings, tmp_path):
    settings.MAILERS = {"default": mailer_from_url("") | {"OPTIONS": {"file_path": str(tmp_path)}}}

    assert [deliver(), deliver()] == [True, False]

    (written,) = tmp_path.iterdir()
    assert "Message-ID: <welcome.1@example.com>" in written.read_text()


def test_links_are_whole_in_the_file(settings, tmp_path):
    settings.MAILERS = {"default": mailer_from_url("") | {"OPTIONS": {"file_path": str(tmp_path)}}}
    link = f"http://127.0.0.1:8000/account/verify/{'x' * 60}/"

    mailing.deliver_once(key=KEY, compose=lambda: mailing.Mail("s", link, to=["ada@example.com"]))

    assert link in next(tmp_path.iterdir()).read_text().splitlines()


def test_purge_forgets_old_deliveries_only():
    MailDelivery.objects.create(key="old", claimed_until=timezone.now())
    MailDelivery.objects.update(created_at=timezone.now() - dt.timedelta(days=31))
    MailDelivery.objects.create(key="new", claimed_until=timezone.now())

    assert mailing.purge_deliveries() == 1
    assert [delivery.key for delivery in MailDelivery.objects.all()] == ["new"]


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 587, "", "", True, False)),
        ("smtp://u%40x:p%2Fw@mail:25", ("mail", 25, "u@x", "p/w", True, False)),
        ("smtps://u:p@mail.example.com", ("mail.example.com", 465, "u", "p", False, True)),
        ("smtp://relay:25?tls=off", ("relay", 25, "", "", False, False)),
    ],
)
def test_mail_servers_are_named_by_url(url, options):
    mailer = mailer_from_url(url)
    found = mailer["OPTIONS"]
    names = ("host", "port", "username", "password", "use_tls", "use_ssl")

    assert mailer["BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert tuple(found[name] for name in names) == options
    assert found["timeout"] == 20


# Django leaves the socket to the garbage collector when STARTTLS fails.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_server_without_encryption_is_refused_unless_told(server, settings):
    settings.MAILERS = {"default": mailer_from_url(f"smtp://127.0.0.1:{server.port}")}
    with pytest.raises(SMTPException, match="STARTTLS"):
        deliver()
    assert server.received == []
