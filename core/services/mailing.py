"""Sending each mail once, whoever asks how often, and few an hour to one mailbox."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import parseaddr

import redis
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.errors import Unavailable
from core.models import MailDelivery
from core.redis import client

# Longer than a mail server takes for one mail; it may be silent for 20 s before we hang up.
CLAIM_LASTS = timedelta(seconds=90)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_LINE = 998
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


class Mail(EmailMultiAlternatives):
    """A mail whose links stay in one piece in its source: mailboxes of files are read as they are.

    Lines of up to 998 characters are allowed; the library breaks those over 78 with "=".
    """

    def message(self, *, policy: Policy = default) -> EmailMessage:  # type: ignore[override]
        """Return the mail as it is sent, by the backend's `policy`."""
        whole: EmailMessage = super().message(policy=policy.clone(max_line_length=LONGEST_LINE))
        return whole


def deliver_once(*, key: str, compose: Callable[[], Mail | None]) -> bool:
    """Send the mail that `compose` returns unless the one named `key` was sent; say if it was now.

    Jobs may run twice, at once or after a crash: the claim lets one of them send. A process that
    dies between the server's yes and our note of it sends again after `CLAIM_LASTS`, under the same
    Message-ID, by which mailboxes know it again. `compose` may return None: there is nobody to
    write to any more. Must run outside a transaction. Raises `MailInFlight` while a rival holds
    the claim, and what the mail server's library raises; then the claim is given back.
    """
    claimed_until = _claim(key)
    if claimed_until is None:
        return False
    try:
        message = compose()
        if message is not None:
            message.extra_headers["Message-ID"] = f"<{key.replace(':', '.')}@{_domain()}>"
            message.send()
    except Exception:
        # Only our own: a claim that lapsed meanwhile is somebody else's.
        ours = MailDelivery.objects.filter(key=key, claimed_until=claimed_until)
        ours.update(claimed_until=_NEVER)
        raise
    MailDelivery.objects.filter(key=key).update(sent_at=Now())
    return message is not None


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


def _claim(key: str) -> datetime | None:
    """Return until when the mail is ours to send; None when it was sent already."""
    unclaimed = MailDelivery(key=key, claimed_until=_NEVER)
    MailDelivery.objects.bulk_create([unclaimed], ignore_conflicts=True)
    claimed_until = timezone.now() + CLAIM_LASTS
    # One UPDATE, on one clock: of many at once exactly one finds the claim lapsed.
    free = MailDelivery.objects.filter(key=key, sent_at=None, claimed_until__lte=Now())
    if free.update(claimed_until=claimed_until):
        return claimed_until
    if MailDelivery.objects.filter(key=key, sent_at=None).exists():
        raise MailInFlight
    return None


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
