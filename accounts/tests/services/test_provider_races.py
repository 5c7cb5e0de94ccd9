"""Many at once: one exchange of a code succeeds, one account is made; each with its control."""

from collections import Counter
from threading import Barrier
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection, connections
from django.db.models import QuerySet

from accounts.enums import Provider, TokenPurpose
from accounts.errors import LastWayIn, LinkInvalid
from accounts.gateways.providers import Arrival, Identity, depart
from accounts.models import OneTimeToken, RefreshFamily, User
from accounts.services import connections as connected
from accounts.services import one_time_tokens, provider_accounts, provider_sign_in
from accounts.tests.factories import UserFactory
from core import locks
from core.models import AuditEntry
from tests.fixtures.at_once import all_at_once, count_endings
from tests.servers.identity import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-06")]
ADDRESS = "203.0.113.9"
IDENTITY = Identity(Provider.GOOGLE, "1001", "ada@example.com", "Ada")


def a_code():
    token = one_time_tokens.issue(
        TokenPurpose.OAUTH_EXCHANGE, user=UserFactory(), context={"code_challenge": ""}
    )
    return one_time_tokens.secret_of(token)


def test_of_fifty_exchanges_of_one_code_one_succeeds():
    code = a_code()

    endings = all_at_once(
        lambda _: provider_sign_in.exchange_code(code=code, address=ADDRESS), threads=50
    )

    assert count_endings(endings) == {"done": 1, LinkInvalid.__name__: 49}
    assert RefreshFamily.objects.count() == 1
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.login_succeeded"]


def test_control_looking_before_spending_lets_several_through(monkeypatch):
    update = QuerySet.update
    everyone_looked = Barrier(50)

    def look_then_write(queryset, **changes):
        if queryset.model is not OneTimeToken:
            return update(queryset, **changes)
        found = queryset.first()
        everyone_looked.wait(timeout=30)
        return update(OneTimeToken.objects.filter(pk=found.pk), **changes) if found else 0

    monkeypatch.setattr(QuerySet, "update", look_then_write)
    code = a_code()

    endings = all_at_once(
        lambda _: provider_sign_in.exchange_code(code=code, address=ADDRESS), threads=50
    )

    assert count_endings(endings)["done"] > 1


def test_of_twenty_callbacks_at_once_one_makes_the_account():
    endings = all_at_once(lambda _: provider_accounts.account_of(IDENTITY), 20)

    assert count_endings(endings) == {"done": 20}
    user = User.objects.get()
    assert {found for _, found in endings} == {user}
    assert SocialAccount.objects.get().user == user
    assert Counter(entry.action for entry in AuditEntry.objects.all()) == {
        "auth.registered": 1,
        "auth.provider_linked": 1,
    }


def test_control_looking_before_making_is_stopped_by_the_constraint_alone(monkeypatch):
    insert = QuerySet.bulk_create
    everyone_looked = Barrier(20)

    def look_then_insert(queryset, objects, **options):
        if queryset.model is not User:
            return insert(queryset, objects, **options)
        known = User.objects.filter(email=objects[0].email).exists()
        everyone_looked.wait(timeout=30)
        return objects if known else insert(queryset, objects)

    monkeypatch.setattr(QuerySet, "bulk_create", look_then_insert)

    endings = all_at_once(lambda _: provider_accounts.account_of(IDENTITY), 20)

    assert count_endings(endings) == {"done": 1, "IntegrityError": 19}
    assert User.objects.count() == 1


def two_ways_in():
    user = UserFactory(password="!")
    user.set_unusable_password()
    user.save()
    return user, [
        SocialAccount.objects.create(user=user, provider=provider, uid="1", extra_data={}).pk
        for provider in ("google", "github")
    ]


def test_of_two_disconnections_at_once_one_way_in_is_left():
    for _round in range(10):
        user, links = two_ways_in()

        endings = all_at_once(
            lambda index, user=user, links=links: connected.disconnect(
                user_id=user.pk, connection_id=links[index]
            ),
            threads=2,
        )

        assert count_endings(endings) == {"done": 1, LastWayIn.__name__: 1}
        assert SocialAccount.objects.filter(user=user).count() == 1
        user.delete()


def test_control_without_the_lock_both_ways_in_go(monkeypatch):
    both_looked = Barrier(2)
    look = connected._has_other_way_in

    def look_and_wait(user, *, connection_id):
        found = look(user, connection_id=connection_id)
        both_looked.wait(timeout=30)
        return found

    monkeypatch.setattr(connected, "_has_other_way_in", look_and_wait)
    monkeypatch.setattr(locks, "lock_row", lambda queryset: queryset.first())
    user, links = two_ways_in()

    endings = all_at_once(
        lambda index: connected.disconnect(user_id=user.pk, connection_id=links[index]), threads=2
    )

    assert count_endings(endings) == {"done": 2}
    assert SocialAccount.objects.filter(user=user).count() == 0


@pytest.mark.parametrize("provider", list(Provider))
def test_no_transaction_is_open_while_the_provider_is_asked(identity, provider):
    ada = identity.know(Person(uid=1001, email="ada@example.com"))
    callback = f"http://shop.test/account/{provider.value}/callback/"
    departure = depart(provider, callback=callback)
    back = identity.agree(departure.url, ada)
    query = dict(parse_qsl(urlsplit(back).query))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    states = []

    def look():  # in the thread of the server, with a connection of its own
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [ours])
            states.append(cursor.fetchone()[0])
        connections.close_all()

    identity.at_each_call = look
    arrival = Arrival(provider, callback, query, departure.nonce, departure.code_verifier)

    provider_sign_in.sign_in_from(arrival=arrival, address=ADDRESS)

    assert states == ["idle"] * (2 if provider is Provider.GOOGLE else 3)
