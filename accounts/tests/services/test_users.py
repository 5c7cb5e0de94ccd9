"""Accounts that staff make, where addresses have to be confirmed."""

import pytest

from accounts.enums import Letter
from accounts.errors import InvalidCredentials
from accounts.models import User
from accounts.services import sign_in, users, verification
from accounts.tests.factories import PASSWORD
from accounts.tests.letterbox import deliver, letters_posted, secret_in
from core.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05", "AUTH-07")]


def create(**changes):
    values = {
        "email": "new@example.com",
        "full_name": "New",
        "role": Role.EMPLOYEE,
        "password": PASSWORD,
        "actor_id": None,
    }
    return users.create_user(**values | changes)


def enter(user):
    return sign_in.check_credentials(email=user.email, password=PASSWORD, address="203.0.113.9")


def test_a_colleague_confirms_the_address_and_signs_in(settings):
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = True
    user = create()

    assert letters_posted() == [(Letter.VERIFY_EMAIL, str(user.pk))]
    with pytest.raises(InvalidCredentials):
        enter(user)
    verification.verify_email(secret=secret_in(deliver()[0]))
    assert enter(user) == user


@pytest.mark.parametrize("needs_verified", [True, False])
def test_who_is_vouched_for_signs_in_at_once(settings, needs_verified):
    settings.SIGN_IN_NEEDS_VERIFIED_EMAIL = needs_verified
    user = create(is_verified=True)

    assert User.objects.get().is_verified
    assert letters_posted() == []
    assert enter(user) == user


def test_elsewhere_nobody_waits_for_a_mail():
    user = create()

    assert letters_posted() == []
    assert enter(user) == user
