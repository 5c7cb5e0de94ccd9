"""The mails of this app: enqueued with the change they speak of, sent once, later.

A job knows ids only. The recipient is the address of the letter's token, else of the user, at the
moment of sending; nothing is sent to somebody who is gone.
"""

import uuid

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.enums import Letter, TokenPurpose
from accounts.models import OneTimeToken, User
from accounts.services import one_time_tokens
from core import jobs
from core.services import mailing

# Where the button of a letter leads, for purposes whose secret stands in the address.
PAGES = {
    TokenPurpose.VERIFY_EMAIL: "accounts:verify-link",
    TokenPurpose.RESET_PASSWORD: "accounts:reset-link",
    TokenPurpose.CHANGE_EMAIL: "accounts:change-email-link",
    TokenPurpose.SIGN_IN_LINK: "accounts:sign-in-link",
}

# What the owner of an address that is not confirmed may have asked for. Nothing else is sent there:
# an account made with somebody else's address must not be a way to fill their mailbox.
_FOR_ANYBODY = {
    Letter.VERIFY_EMAIL,
    Letter.KNOWN_ADDRESS,
    Letter.RESET_PASSWORD,
    Letter.SIGN_IN_LINK,
    Letter.CONFIRM_NEW_EMAIL,
    # Posted to an address that was confirmed, about an account that has another one now.
    Letter.EMAIL_CHANGED,
}


def post(letter: Letter, *, user: User | None, token: OneTimeToken | None = None) -> None:
    """Enqueue a letter to `user`, or to the address of `token`; it exists iff the caller commits.

    Notices (all but links, answers to a registration and the farewell to a former address) go to
    confirmed addresses only.
    Without a user (a decoy's) the job finds nobody and ends: asking about an unknown address costs
    what asking about a known one does.
    """
    jobs.enqueue(
        "accounts.send_letter",
        letter=letter.value,
        user_id=str(user.pk) if user else None,
        token_id=str(token.pk) if token else None,
        event_id=str(token.pk if token else uuid.uuid4()),
    )


def post_to(email: str, letter: Letter, *, user: User) -> None:
    """Enqueue a letter about `user` to an address that is theirs now, or was until now.

    A notice remembers the address: by the time it is sent, the account may have another.
    """
    post(
        letter, user=user, token=one_time_tokens.issue(TokenPurpose.NOTICE, user=user, email=email)
    )


def send(*, letter: str, user_id: str | None, token_id: str | None, event_id: str) -> None:
    """Send an enqueued letter unless it was sent (see `mailing.deliver_once`)."""
    mailing.deliver_once(
        key=f"{letter}:{event_id}", compose=lambda: _compose(Letter(letter), user_id, token_id)
    )


def _compose(letter: Letter, user_id: str | None, token_id: str | None) -> mailing.Mail | None:
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    token = OneTimeToken.objects.filter(pk=token_id).first() if token_id else None
    if user is None or (token_id and token is None):
        return None
    if not user.is_verified and letter not in _FOR_ANYBODY:
        return None
    if token and token.purpose in PAGES and not token.is_living:
        return None
    context = {
        "user": user,
        "store_name": settings.STORE_NAME,
        "shop_url": settings.PUBLIC_URL,
        "link": _link(token),
    }
    name = f"emails/{letter.value}"
    message = mailing.Mail(
        subject=" ".join(render_to_string(f"{name}.subject.txt", context).split()),
        body=render_to_string(f"{name}.txt", context),
        to=[token.email if token and token.email else user.email],
    )
    message.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return message


def _link(token: OneTimeToken | None) -> str:
    if token is None or token.purpose not in PAGES:
        return ""
    page = reverse(PAGES[TokenPurpose(token.purpose)], args=[one_time_tokens.secret_of(token)])
    return settings.PUBLIC_URL + page
