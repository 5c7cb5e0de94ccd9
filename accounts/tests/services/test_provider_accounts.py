"""Whose account somebody gets whom a provider vouches for."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Provider
from accounts.errors import ProviderEmailNotVerified, ProviderSignInRefused
from accounts.gateways.providers import Identity
from accounts.models import User
from accounts.services import provider_accounts
from accounts.tests.factories import PASSWORD, UserFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-06")]


def ada(**changes):
    return Identity(
        **(
            {
                "provider": Provider.GOOGLE,
                "uid": "1001",
                "email": "ada@example.com",
                "name": "Ada Lovelace",
            }
            | changes
        )
    )


def letters():
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'letter' FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def actions():
    return [entry.action for entry in AuditEntry.objects.order_by("created_at")]


def test_account_with_a_confirmed_address_is_linked_and_its_owner_told():
    owner = UserFactory(email="ada@example.com", full_name="Countess")

    assert provider_accounts.account_of(ada(email="Ada@Example.com ")) == owner

    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
    assert (owner.full_name, owner.token_version) == ("Countess", 0)
    assert SocialAccount.objects.get().user == owner
    assert letters() == ["provider_linked"]
    assert actions() == ["auth.provider_linked"]


def test_link_is_made_and_told_once():
    owner = UserFactory(email="ada@example.com")

    for _ in range(3):
        assert provider_accounts.account_of(ada()) == owner

    assert SocialAccount.objects.count() == 1
    assert letters() == ["provider_linked"]


def test_account_that_was_never_confirmed_passes_to_the_provider_s_user():
    squatter = UserFactory(email="ada@example.com", is_verified=False)

    assert provider_accounts.account_of(ada()) == squatter

    squatter.refresh_from_db()
    assert squatter.is_verified
    assert not squatter.has_usable_password()
    assert squatter.token_version == 1
    assert letters() == ["welcome"]
    assert actions() == ["auth.email_verified", "auth.provider_linked"]


def test_new_account_is_welcomed():
    user = provider_accounts.account_of(ada())

    assert (user.email, user.role, user.is_verified) == ("ada@example.com", "CUSTOMER", True)
    assert letters() == ["welcome"]
    assert actions() == ["auth.registered", "auth.provider_linked"]
    told = str(list(AuditEntry.objects.values("context", "new_value"))).lower()
    assert ("ada@" in told, "lovelace" in told) == (False, False)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("  Ada \n Lovelace ", "Ada Lovelace"),
        ("x" * 1_000, "x" * 150),
        ("bell\x07", ""),
        ("", ""),
        ("<b>Ada</b>", "<b>Ada</b>"),
    ],
)
def test_name_is_taken_as_far_as_it_is_one(name, stored):
    assert provider_accounts.account_of(ada(name=name)).full_name == stored


@pytest.mark.parametrize(
    "email", ["", "no address", "ад@example.com", "ada@example.com\x00", "a" * 300 + "@b.example"]
)
def test_without_an_address_there_is_no_account(email):
    with pytest.raises(ProviderEmailNotVerified):
        provider_accounts.account_of(ada(email=email))

    assert User.objects.count() == SocialAccount.objects.count() == 0
    assert letters() == actions() == []


def test_same_number_at_another_provider_is_somebody_else():
    first = provider_accounts.account_of(ada())
    second = provider_accounts.account_of(ada(provider=Provider.GITHUB, email="grace@example.com"))

    assert first != second
    assert SocialAccount.objects.count() == 2


def test_link_says_more_than_the_address():
    linked = provider_accounts.account_of(ada())
    UserFactory(email="new@example.com")

    assert provider_accounts.account_of(ada(email="new@example.com")) == linked


@pytest.mark.parametrize("is_linked", [True, False])
def test_account_that_is_switched_off_is_refused_with_a_note(is_linked):
    owner = UserFactory(email="ada@example.com")
    if is_linked:
        provider_accounts.account_of(ada())
    User.objects.update(is_active=False)
    before = len(actions())

    with pytest.raises(ProviderSignInRefused):
        provider_accounts.account_of(ada())

    assert actions()[before:] == ["auth.login_failed"]
    assert AuditEntry.objects.order_by("created_at").last().entity_id == str(owner.pk)
    assert SocialAccount.objects.count() == int(is_linked)


def test_known_identity_costs_one_statement():
    provider_accounts.account_of(ada())

    with CaptureQueriesContext(
        connection,
    ) as queries:
        provider_accounts.account_of(ada())

    assert len(queries) == 1
