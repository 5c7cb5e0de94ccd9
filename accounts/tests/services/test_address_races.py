"""Twenty hands on one list of addresses: one default remains, and never a fifty-first address."""

from threading import Barrier

import pytest

from accounts.models import Address
from accounts.services import addresses
from accounts.tests.factories import UserFactory
from accounts.tests.postal import HOME
from core import locks
from tests.fixtures.at_once import all_at_once, count_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-11")]
HANDS = 20


def at_once(actions):
    """Let every action begin at the same moment; count how they ended."""
    return count_endings(all_at_once(lambda number: actions[number](), len(actions)))


def adding(user):
    return lambda: addresses.add_address(user_id=user.pk, address=HOME)


def moving(user, address):
    return lambda: addresses.make_default(user_id=user.pk, address_id=address.pk)


def defaults(user):
    return Address.objects.filter(user=user, is_default=True).count()


def listed(user, count):
    Address.objects.bulk_create(
        Address(
            user=user,
            is_default=number == 0,
            recipient="Ada",
            line1=str(number),
            city="Haifa",
            postcode="1",
            country="IL",
        )
        for number in range(count)
    )
    return list(Address.objects.filter(user=user, is_default=False))


def test_of_twenty_first_addresses_one_is_the_default():
    for _round in range(3):
        user = UserFactory()

        assert at_once([adding(user)] * HANDS) == {"done": HANDS}

        assert (Address.objects.filter(user=user).count(), defaults(user)) == (HANDS, 1)


def test_of_twenty_new_defaults_one_remains():
    for _round in range(3):
        user = UserFactory()
        others = listed(user, HANDS + 1)

        assert at_once([moving(user, other) for other in others]) == {"done": HANDS}

        assert defaults(user) == 1


def test_adds_moves_and_removals_together_leave_one_default():
    for _round in range(3):
        user = UserFactory()
        others = listed(user, 12)
        first = Address.objects.get(user=user, is_default=True)

        def removal(user=user, first=first):
            addresses.remove_address(user_id=user.pk, address_id=first.pk)

        actions = [*[moving(user, other) for other in others], *[adding(user)] * 8, removal]
        assert at_once(actions) == {"done": 20}

        assert (Address.objects.filter(user=user).count(), defaults(user)) == (19, 1)


def test_one_of_twenty_takes_the_last_place():
    user = UserFactory()
    listed(user, addresses.MOST - 1)

    assert at_once([adding(user)] * HANDS) == {"done": 1, "TooManyAddresses": HANDS - 1}

    assert Address.objects.filter(user=user).count() == addresses.MOST


def test_control_without_the_lock_only_the_index_keeps_the_default_single(monkeypatch):
    user = UserFactory()
    first_look = addresses._make_default
    everyone_looked = Barrier(HANDS)

    def decided_together(address):
        everyone_looked.wait(timeout=30)
        first_look(address)

    monkeypatch.setattr(locks, "lock_row", lambda rows: rows.first())
    monkeypatch.setattr(addresses, "_make_default", decided_together)

    endings = at_once([adding(user)] * HANDS)

    assert endings["IntegrityError"] > 0
    assert defaults(user) == 1


def test_control_without_the_lock_fifty_are_passed(monkeypatch):
    user = UserFactory()
    listed(user, addresses.MOST - 1)
    everyone_looked = Barrier(HANDS)
    write = addresses._write

    def write_together(address, postal):
        everyone_looked.wait(timeout=30)
        write(address, postal)

    monkeypatch.setattr(locks, "lock_row", lambda rows: rows.first())
    monkeypatch.setattr(addresses, "_write", write_together)

    assert at_once([adding(user)] * HANDS) == {"done": HANDS}
    assert Address.objects.filter(user=user).count() == addresses.MOST - 1 + HANDS
