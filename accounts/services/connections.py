"""Sign-ins at Google and GitHub that an account's owner connects, disconnects, and proves with."""

import uuid

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.enums import Letter, Provider
from accounts.errors import LastWayIn, ProviderIsAnothers
from accounts.gateways import providers
from accounts.models import User
from accounts.services import letters, provider_accounts, provider_sign_in
from core import locks
from core.errors import NotFound
from core.services import audit


def connect(*, user: User, arrival: providers.Arrival, address: str) -> bool:
    """Connect the identity that came back to `user`; say whether it is new to the account.

    The door has asked for a fresh proof. The owner is told by mail. Locks the user. Raises as
    `provider_sign_in.identify`, and `ProviderIsAnothers`, `Busy`.
    """
    identity = provider_sign_in.identify(arrival=arrival, address=address)
    with transaction.atomic():
        _locked(user.pk)
        is_new = provider_accounts.link(identity, user=user, actor_id=user.pk)
        if provider_accounts.owner_of(identity) != user:
            raise ProviderIsAnothers(provider=identity.provider.label)
        if is_new:
            letters.post(Letter.PROVIDER_LINKED, user=user)
    return is_new


def confirm(*, user: User, arrival: providers.Arrival, address: str) -> None:
    """Prove again who one is: the identity that came back must be connected to `user`.

    Leaves an audit row. Raises as `provider_sign_in.identify`, and `ProviderIsAnothers`.
    """
    identity = provider_sign_in.identify(arrival=arrival, address=address)
    is_theirs = provider_accounts.owner_of(identity) == user
    _record(
        "auth.confirmed" if is_theirs else "auth.confirmation_failed",
        user.pk,
        identity.provider.value,
    )
    if not is_theirs:
        raise ProviderIsAnothers(provider=identity.provider.label)


def disconnect(*, user_id: uuid.UUID, connection_id: int) -> Provider:
    """Disconnect one sign-in of a user and return whose it was.

    Locks the user, so that two at once cannot take the last two. Raises `NotFound` for what is
    not theirs, `LastWayIn` when neither a password nor a passkey nor another would be left, `Busy`.
    Leaves an audit row.
    """
    with transaction.atomic():
        user = _locked(user_id)
        links = SocialAccount.objects.filter(user_id=user_id)
        link = links.filter(pk=connection_id).first()
        if link is None:
            raise NotFound
        if not _has_other_way_in(user, connection_id=connection_id):
            raise LastWayIn
        link.delete()
        _record("auth.provider_unlinked", user_id, link.provider)
    return Provider(link.provider)


def _locked(user_id: uuid.UUID) -> User:
    user = locks.lock_row(User.objects.filter(pk=user_id))
    if user is None:
        raise NotFound
    return user


def _has_other_way_in(user: User, *, connection_id: int) -> bool:
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    others = SocialAccount.objects.filter(user=user).exclude(pk=connection_id)
    return user.has_usable_password() or passkeys.exists() or others.exists()


def _record(action: str, user_id: uuid.UUID, provider: str) -> None:
    audit.record_change(
        action=action,
        entity_type="user",
        entity_id=user_id,
        actor_id=user_id,
        context={"proof": "provider", "provider": provider},
    )
