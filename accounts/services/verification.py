"""Whose mailbox it is: the link that proves it, and what the first proof puts an end to."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.enums import Letter, TokenPurpose
from accounts.models import Address, User
from accounts.services import letters, mailed_links, one_time_tokens, tokens
from core import locks
from core.services import audit

OWNER_CAME = "the owner of the address came"


def ask_for_link(*, email: str, address: str) -> None:
    """Mail another link to an address that still has to be confirmed (`mailed_links.ask_for`)."""
    mailed_links.ask_for(TokenPurpose.VERIFY_EMAIL, email=email, address=address)


def verify_email(*, secret: str) -> User:
    """Confirm the address that a mailed link was sent to and return its user.

    Of many calls at once one succeeds. Everybody is signed out by it, see `take_possession`; the
    door signs its own browser in again where that was the user's. Locks the user. Raises
    `LinkInvalid`, `Busy`.
    """
    with transaction.atomic():
        user, _token = mailed_links.spend(secret, TokenPurpose.VERIFY_EMAIL)
        take_possession(user=user, keeps_password=True)
    return user


def take_possession(*, user: User, keeps_password: bool) -> bool:
    """Note that the owner of the user's address has come; say whether it was the first time.

    Anybody can make an account with somebody else's address and wait for them inside it. So the
    first proof of the mailbox (a mailed link, or a provider that vouches for the address) drops
    all that was set up before: sessions, refresh families and access tokens, pending links and
    codes (a reset, a change of address), connected Google and GitHub accounts, the second factor.

    `keeps_password` is for proofs by somebody who answers to a registration, which chose the
    password. Whoever comes another way need not be who chose it: pass False (a provider's
    sign-in, a link to sign in) and nobody can use it any more; a reset passes either, since it
    stores its own afterwards. The name and the saved addresses go with the password: books must
    not be sent to whoever waited here. Link a provider's account only after this, or it goes too.

    Joins the caller's transaction, which must be open. Locks the user and refreshes `user`: sign in
    with it as it is afterwards. Later calls change nothing. Leaves an audit row and enqueues the
    welcome letter. Raises `Busy`.
    """
    locked = locks.lock_row(User.objects.filter(pk=user.pk))
    if locked is None or locked.is_verified:
        user.refresh_from_db()
        return False
    SocialAccount.objects.filter(user_id=user.pk).delete()
    Authenticator.objects.filter(user_id=user.pk).delete()
    tokens.end_all_of(user_id=user.pk, because=OWNER_CAME)
    one_time_tokens.drop_all_of(user)
    if not keeps_password:
        Address.objects.filter(user_id=user.pk).delete()
        User.objects.filter(pk=user.pk).update(password=make_password(None), full_name="")
    User.objects.filter(pk=user.pk).update(is_verified=True, second_factor_at=None)
    user.refresh_from_db()
    audit.record_change(
        action="auth.email_verified", entity_type="user", entity_id=user.pk, actor_id=user.pk
    )
    letters.post(Letter.WELCOME, user=user)
    return True
