"""Sending each mail once, whoever asks how often, and few an hour to one mailbox."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr

import redis
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.errors import Unavailable
from core.models import MailDelivery
from core.redis import client

# Longer than a mail server may take to answer (20 s) and a job may be held up.
CLAIM_LASTS = timedelta(minutes=2)
KEPT_FOR = timedelta(days=30)
# One round trip; a mail that is refused takes no place, so the counter never passes the limit.
_TAKE_PLACE = """
local n = tonumber(redis.call('GET', KEYS[1]) or '0')
if n >= tonumber(ARGV[1]) then return 0 end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('EXPIRE', KEYS[1], 3600) end
return 1
"""


class MailInFlight(Unavailable):
    """Somebody is sending this very mail; ask again to learn how it ended."""

    retry_after = int(CLAIM_LASTS.total_seconds())


def deliver_once(*, key: str, compose: Callable[[], EmailMessage | None]) -> bool:
    """Send the mail that `compose` returns unless the one named `key` was sent; say if it was now.

    Jobs may run twice, at once or after a crash: the claim lets one of them send. A process that
    dies between the server's yes and our note of it sends again after `CLAIM_LASTS`, under the same
    Message-ID, by which mailboxes know it again. `compose` may return None: there is nobody to
    write to any more. Must run outside a transaction. Raises `MailInFlight` while a rival holds
    the claim, and what the mail server's library raises; then the claim is given back.
    """
    if not _claim(key):
        return False
    message = compose()
    sent = message is not None
    if message is not None:
        message.extra_headers["Message-ID"] = f"<{key.replace(':', '.')}@{_domain()}>"
        try:
            message.send()
        except Exception:
            MailDelivery.objects.filter(key=key).update(claimed_until=timezone.now())
            raise
    MailDelivery.objects.filter(key=key).update(sent_at=timezone.now())
    return sent


def take_place(mailbox: str, *, most: int) -> bool:
    """Take a place among the mails that strangers may have sent to `mailbox` within an hour.

    False when `most` are taken. All callers share one count, so one with a greater `most` keeps
    places for itself. Redis holds a keyed digest of the address for that hour. Raises `Unavailable`
    while nothing can be counted: an unbounded number of mails is worse than none.
    """
    if not settings.RATE_LIMITS:
        return True
    digest = salted_hmac("core.mailing", mailbox, algorithm="sha256").hexdigest()[:32]
    try:
        taken = client().eval(_TAKE_PLACE, 1, f"limit:mailbox:{digest}", most)  # type: ignore[misc]
    except redis.RedisError:
        raise Unavailable from None
    return bool(taken)


def purge_deliveries() -> int:
    """Forget mails of more than a month ago: no job still asks about them. Return how many."""
    return MailDelivery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _claim(key: str) -> bool:
    """Whether the mail is ours to send; False when it was sent already."""
    now = timezone.now()
    claim = MailDelivery(key=key, claimed_until=now + CLAIM_LASTS)
    MailDelivery.objects.bulk_create([claim], ignore_conflicts=True)
    found = MailDelivery.objects.get(key=key)
    if found.claimed_until == claim.claimed_until:
        return True
    if found.sent_at is not None:
        return False
    lapsed = MailDelivery.objects.filter(key=key, sent_at=None, claimed_until__lte=now)
    if lapsed.update(claimed_until=claim.claimed_until):
        return True
    raise MailInFlight


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
