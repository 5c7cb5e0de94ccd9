"""Connecting and disconnecting: whose it is, what is told, what has to stay."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts.enums import Provider
from accounts.errors import LastWayIn
from accounts.selectors import connections as selector
from accounts.services import connections
from accounts.tests.factories import UserFactory
from core.errors import NotFound
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-06")]


@pytest.fixture
def user():
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    return user


def connected(user, provider="google", uid="1"):
    return SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data={})


def test_only_connection_stays_while_there_is_no_other_way_in(user):
    link = connected(user)

    with pytest.raises(LastWayIn):
        connections.disconnect(user_id=user.pk, connection_id=link.pk)

    assert SocialAccount.objects.get() == link
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("other", ["password", "link", "passkey"])
def test_connection_may_go_when_there_is_another_way_in(user, other):
    link = connected(user)
    if other == "password":
        user.set_password("a long enough phrase")
        user.save()
    elif other == "link":
        connected(user, "github")
    else:
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})

    assert connections.disconnect(user_id=user.pk, connection_id=link.pk) is Provider.GOOGLE

    assert not SocialAccount.objects.filter(pk=link.pk).exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.entity_id) == (
        "auth.provider_unlinked",
        user.pk,
        str(user.pk),
    )
    assert entry.context == {"proof": "provider", "provider": "google"}


def test_authenticator_app_is_no_way_in(user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

    with pytest.raises(LastWayIn):
        connections.disconnect(user_id=user.pk, connection_id=connected(user).pk)


def test_another_s_connection_is_not_there(user):
    link = connected(UserFactory())

    for connection_id in (link.pk, 10**15, 10**30):
        with pytest.raises(NotFound):
            connections.disconnect(user_id=user.pk, connection_id=connection_id)
    assert SocialAccount.objects.get() == link


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_one_statement_and_shows_one_s_own(user, number, django_assert_num_queries):
    for uid in range(number):
        connected(user, uid=str(uid))
    connected(UserFactory(), uid="another")

    with django_assert_num_queries(1):
        found = selector.connections_of(user)

    assert [connection.provider for connection in found] == [Provider.GOOGLE] * number
