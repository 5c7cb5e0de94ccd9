"""The accounts' promises, and that each check finds its breach."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.models import Address, User
from accounts.services import addresses, passkeys, second_factor
from accounts.tests.factories import UserFactory
from accounts.tests.postal import HOME, WORK
from accounts.tests.second_factors import give_app, give_passkey
from core.invariants import check_all

pytestmark = pytest.mark.django_db


def broken():
    return {verdict.invariant.name for verdict in check_all() if verdict.breaches}


@pytest.fixture
def ada():
    return UserFactory()


@pytest.mark.req("AUTH-10")
def test_invariants_hold_while_factors_come_and_go(ada):
    give_app(ada)
    give_passkey(ada)
    give_passkey(UserFactory())
    assert broken() == set()

    second_factor.remove_app(user_id=ada.pk)
    assert broken() == set()

    passkeys.remove(
        user_id=ada.pk, passkey_id=Authenticator.objects.get(user=ada, type="webauthn").pk
    )
    assert broken() == set()


@pytest.mark.req("AUTH-10")
def test_invariants_find_a_date_without_a_factor(ada):
    User.objects.filter(pk=ada.pk).update(second_factor_at=timezone.now())
    assert broken() == {"second_factor_date_true"}


@pytest.mark.req("AUTH-10")
@pytest.mark.parametrize("give", [give_app, give_passkey])
def test_invariants_find_a_factor_that_no_sign_in_asks_for(ada, give):
    give(ada)
    Authenticator.objects.filter(user=ada, type="recovery_codes").delete()
    User.objects.filter(pk=ada.pk).update(second_factor_at=None)
    assert broken() == {"second_factor_date_true"}


@pytest.mark.req("AUTH-10")
def test_invariants_find_recovery_codes_that_stand_in_for_nothing(ada):
    give_app(ada)
    Authenticator.objects.filter(user=ada).exclude(type="recovery_codes").delete()
    User.objects.filter(pk=ada.pk).update(second_factor_at=None)
    assert broken() == {"recovery_codes_stand_in"}


@pytest.mark.req("AUTH-11")
def test_invariants_hold_while_addresses_come_and_go(ada):
    first = addresses.add_address(user_id=ada.pk, address=HOME)
    addresses.add_address(user_id=ada.pk, address=WORK, is_default=True)
    addresses.add_address(user_id=UserFactory().pk, address=HOME)
    assert broken() == set()

    addresses.make_default(user_id=ada.pk, address_id=first.pk)
    addresses.remove_address(user_id=ada.pk, address_id=first.pk)
    assert broken() == set()


@pytest.mark.req("AUTH-11")
def test_invariants_find_addresses_without_a_default(ada):
    addresses.add_address(user_id=ada.pk, address=HOME)
    Address.objects.update(is_default=False)
    assert broken() == {"one_default_address"}
