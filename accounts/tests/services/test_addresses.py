"""Saved addresses: one default as soon as there is one, at most fifty, only one's own."""

import dataclasses
import uuid

import pytest

from accounts.errors import AddressNotFound, TooManyAddresses
from accounts.models import Address
from accounts.selectors import addresses as selectors
from accounts.services import addresses
from accounts.tests.factories import UserFactory
from accounts.tests.postal import HOME, WORK
from core.errors import Invalid, NotFound
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-11")]


@pytest.fixture
def user():
    return UserFactory()


def add(user, **changes):
    address = dataclasses.replace(HOME, **changes)
    return addresses.add_address(user_id=user.pk, address=address)


def default_of(user):
    (default,) = Address.objects.filter(user=user, is_default=True)
    return default


def actions():
    entries = AuditEntry.objects.filter(entity_type="address").order_by("id")
    return list(entries.values_list("action", flat=True))


def test_first_address_becomes_the_default_and_later_ones_do_not(user):
    first, second = add(user), add(user, line1="1 Mill Road")
    theirs = add(UserFactory())

    assert (first.is_default, second.is_default, theirs.is_default) == (True, False, True)
    assert default_of(user) == first
    assert [a.pk for a in selectors.addresses_of(user.pk)] == [first.pk, second.pk]


def test_address_can_be_added_as_the_default(user):
    add(user)

    second = addresses.add_address(user_id=user.pk, address=WORK, is_default=True)

    assert default_of(user) == second
    assert Address.objects.get(pk=second.pk).postal == WORK


def test_addresses_are_kept_tidy(user):
    kept = add(user, postcode=" sw1a  1aa", country="gb")

    assert Address.objects.get(pk=kept.pk).postal == dataclasses.replace(
        HOME, postcode="SW1A 1AA", country="GB"
    )
    with pytest.raises(Invalid):
        add(user, country="XX")
    assert Address.objects.count() == 1


def test_removing_the_default_makes_the_newest_other_one_it(user):
    first, _second, third = (add(user, line1=line) for line in "123")

    addresses.remove_address(user_id=user.pk, address_id=first.pk)
    assert default_of(user) == third
    for address in Address.objects.all():
        addresses.remove_address(user_id=user.pk, address_id=address.pk)

    assert Address.objects.count() == 0


def test_removing_another_one_leaves_the_default(user):
    first, second = add(user), add(user)

    addresses.remove_address(user_id=user.pk, address_id=second.pk)

    assert default_of(user) == first


def test_default_moves_and_stays_one(user):
    first, second = add(user), add(user)

    addresses.make_default(user_id=user.pk, address_id=second.pk)
    addresses.make_default(user_id=user.pk, address_id=second.pk)

    assert default_of(user) == second
    assert Address.objects.get(pk=first.pk).is_default is False
    assert actions() == [
        "address.added",
        "address.made_default",
        "address.added",
        "address.made_default",
    ]


def test_default_cannot_simply_cease(user):
    first = add(user)

    with pytest.raises(Invalid):
        addresses.change_address(
            user_id=user.pk, address_id=first.pk, changes={"city": "Akko"}, is_default=False
        )

    assert default_of(user).city == "Haifa"


def test_change_keeps_what_it_does_not_name(user):
    kept = addresses.add_address(user_id=user.pk, address=WORK)

    changed = addresses.change_address(
        user_id=user.pk,
        address_id=kept.pk,
        changes={"city": "Akko", "preferences": {"note": "Ring once"}},
    )

    wishes = dataclasses.replace(WORK.preferences, note="Ring once")
    expected = dataclasses.replace(WORK, city="Akko", preferences=wishes)
    assert changed.postal == Address.objects.get().postal == expected
    assert actions()[2:] == ["address.changed"]


def test_change_of_nothing_leaves_no_audit_row(user):
    kept = add(user)

    addresses.change_address(user_id=user.pk, address_id=kept.pk, changes={"city": " Haifa "})

    assert actions() == ["address.added", "address.made_default"]


def test_wishes_exclude_each_other_across_changes(user):
    kept = addresses.add_address(user_id=user.pk, address=WORK)

    with pytest.raises(Invalid) as refused:
        addresses.change_address(
            user_id=user.pk, address_id=kept.pk, changes={"preferences": {"leave_at_door": True}}
        )

    assert list(refused.value.data["fields"]["delivery_preferences"]) == ["leave_at_door"]
    assert Address.objects.get().postal == WORK


def test_fifty_are_enough(user):
    Address.objects.bulk_create(
        Address(user=user, is_default=number == 0, recipient=str(number)) for number in range(50)
    )

    with pytest.raises(TooManyAddresses) as refused:
        add(user)

    assert "50 addresses" in refused.value.message
    assert Address.objects.count() == 50
    add(UserFactory())


@pytest.mark.req("AUTH-09")
def test_what_is_anothers_is_not_found_and_stays(user):
    theirs = add(UserFactory())
    add(user)
    before = list(Address.objects.order_by("pk").values())
    named = {"user_id": user.pk, "address_id": theirs.pk}

    for attempt in (
        lambda: selectors.address_for(**named),
        lambda: addresses.change_address(**named, changes={"city": "Akko"}),
        lambda: addresses.make_default(**named),
        lambda: addresses.remove_address(**named),
    ):
        with pytest.raises(AddressNotFound):
            attempt()

    assert list(Address.objects.order_by("pk").values()) == before


def test_nobody_has_no_addresses():
    with pytest.raises(NotFound):
        addresses.add_address(user_id=uuid.uuid4(), address=HOME)


@pytest.mark.req("BASE-05")
def test_audit_rows_hold_ids_only(user):
    kept = addresses.add_address(user_id=user.pk, address=WORK)
    addresses.change_address(user_id=user.pk, address_id=kept.pk, changes={"city": "Akko"})
    addresses.remove_address(user_id=user.pk, address_id=kept.pk)

    rows = AuditEntry.objects.filter(entity_type="address")
    assert rows.count() == 4
    for row in rows:
        assert (row.entity_id, row.actor_id) == (str(kept.pk), user.pk)
        assert (row.old_value, row.new_value, row.context) == (None, None, {})
