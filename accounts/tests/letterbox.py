"""What was posted: the jobs of letters, and the mails they become."""

import re

from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import TokenPurpose
from accounts.services import letters, one_time_tokens


def letters_posted():
    """Return the letters that jobs exist for, and the ids of whom they go to, oldest first."""
    return [(job.args["letter"], job.args["user_id"]) for job in _jobs()]


def deliver():
    """Do what the worker would, without the queue; return the mails of this call."""
    before = len(mail.outbox)
    for job in _jobs():
        letters.send(**{key: value for key, value in job.args.items() if key != "request_id"})
    return mail.outbox[before:]


def link_in(message):
    """Return the path of the one link with a secret that a mail holds."""
    (link,) = set(re.findall(r"http://shop\.test(/account/\S*\.\S+/)", message.body))
    return link


def secret_in(message):
    """Return the secret at the end of a mail's link: what API clients send as `token`."""
    return link_in(message).rstrip("/").rpartition("/")[2]


def secret_for(user, purpose=TokenPurpose.VERIFY_EMAIL, *, email=None):
    """Return the secret of a new token of `user`, as it would stand in a mail."""
    token = one_time_tokens.issue(purpose, user=user, email=email or user.email)
    return one_time_tokens.secret_of(token)


def _jobs():
    return ProcrastinateJob.objects.filter(task_name="accounts.send_letter").order_by("id")
