"""Connected logins: which sign-ins at Google and GitHub open an account."""

import datetime as dt
from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount

from accounts.enums import Provider
from accounts.models import User


@dataclass(frozen=True)
class Connection:
    """One connected login, as its owner sees it."""

    id: int
    provider: Provider
    since: dt.datetime


def connections_of(user: User) -> list[Connection]:
    """Return a user's connected logins, oldest first, in one query."""
    links = SocialAccount.objects.filter(user=user, provider__in=Provider.values).order_by("pk")
    return [Connection(link.pk, Provider(link.provider), link.date_joined) for link in links]
