"""Which account somebody belongs to whom Google or GitHub vouches for.

Links are allauth's `SocialAccount`; nothing of the provider's tokens or profile is stored.
"""

import uuid

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts import validators
from accounts.enums import Letter, Proof
from accounts.errors import ProviderEmailNotVerified, ProviderSignInRefused
from accounts.gateways.providers import Identity
from accounts.models import User
from accounts.services import letters, verification
from core import locks
from core.errors import Invalid
from core.services import audit


def account_of(identity: Identity) -> User:
    """Return the active account of an identity: linked, found by its address, or made.

    A link is enough. Without one the provider must have verified the address. The account with
    that address is linked, and its owner told by mail, if its address was confirmed here too; if
    not, anybody could have made it, so the provider's user takes possession of it
    (`verification.take_possession`). Without an account one is made, verified, without a password.
    Of two callbacks at once one makes it, by the constraint; both return it.

    Locks the user. Raises `ProviderEmailNotVerified`, `ProviderSignInRefused` for accounts that
    are switched off (with an audit row), `Busy`.
    """
    user = owner_of(identity) or _by_address(identity)
    if not user.is_active:
        _record("auth.login_failed", user, identity, actor_id=None)
        raise ProviderSignInRefused(provider=identity.provider.label)
    return user


def owner_of(identity: Identity) -> User | None:
    """Return the user whom an identity is linked to."""
    links = SocialAccount.objects.select_related("user")
    link = links.filter(provider=identity.provider, uid=identity.uid).first()
    return link.user if link else None


def link(identity: Identity, *, user: User, actor_id: uuid.UUID) -> bool:
    """Link an identity to `user` unless it is linked already; say whether it was.

    The constraint decides between two at once. Joins the caller's transaction. Leaves an audit row.
    """
    _link, is_new = SocialAccount.objects.get_or_create(
        provider=identity.provider,
        uid=identity.uid,
        defaults={"user": user, "extra_data": {}},
    )
    if is_new:
        _record("auth.provider_linked", user, identity, actor_id=actor_id)
    return is_new


def _by_address(identity: Identity) -> User:
    email = _verified_address(identity)
    with transaction.atomic():
        is_new = _make_unless_known(identity, email)
        user = locks.lock_row(User.objects.filter(email=email))
        if user is None:  # deleted this very moment
            raise ProviderSignInRefused(provider=identity.provider.label)
        if not user.is_active:
            return user
        was_confirmed = not is_new and not verification.take_possession(
            user=user, keeps_password=False
        )
        if link(identity, user=user, actor_id=user.pk) and was_confirmed:
            letters.post(Letter.PROVIDER_LINKED, user=user)
    # A rival may have linked it to somebody else meanwhile: the link decides.
    return owner_of(identity) or user


def _verified_address(identity: Identity) -> str:
    try:
        return validators.normal_email(identity.email)
    except Invalid:  # none, or none that we could write to
        raise ProviderEmailNotVerified(provider=identity.provider.label) from None


def _make_unless_known(identity: Identity, email: str) -> bool:
    user = User(email=email, full_name=_name(identity), is_verified=True)
    user.set_unusable_password()
    User.objects.bulk_create([user], ignore_conflicts=True)
    if not User.objects.filter(pk=user.pk).exists():
        return False
    _record("auth.registered", user, identity, actor_id=user.pk)
    letters.post(Letter.WELCOME, user=user)
    return True


def _name(identity: Identity) -> str:
    try:
        return validators.normal_name(identity.name[: validators.LONGEST_NAME])
    except Invalid:
        return ""


def _record(action: str, user: User, identity: Identity, *, actor_id: uuid.UUID | None) -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user.pk,
        actor_id=actor_id,
        context={"proof": Proof.PROVIDER.value, "provider": identity.provider.value},
    )
