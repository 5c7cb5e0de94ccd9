"""Signing in by a link in a mail, for whom the password is a hindrance or lost."""

from django.db import transaction

from accounts.enums import Proof, TokenPurpose
from accounts.models import User
from accounts.services import mailed_links, one_time_tokens, sign_in, verification


def ask_for_link(*, email: str, address: str) -> None:
    """Mail the owner of an address a link that signs them in (`mailed_links.ask_for`)."""
    mailed_links.ask_for(TokenPurpose.SIGN_IN_LINK, email=email, address=address)


def sign_in_by(*, secret: str) -> User:
    """Return the user of a mailed link, admitted; the link and its sisters are spent.

    The address counts as confirmed. On the first time nobody can know that the owner chose the
    password, so it goes with all else of before (`verification.take_possession`). Locks the user.
    Raises `LinkInvalid`, `Busy`, and what `sign_in.admit` raises (after the commit: a second
    factor that is asked for does not give the link back).
    """
    with transaction.atomic():
        user, _token = mailed_links.spend(secret, TokenPurpose.SIGN_IN_LINK)
        one_time_tokens.drop_all_of(user, TokenPurpose.SIGN_IN_LINK)
        verification.take_possession(user=user, keeps_password=False)
    return sign_in.admit(user=user, proof=Proof.LINK)
