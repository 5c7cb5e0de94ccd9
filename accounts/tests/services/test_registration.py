import re

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import registration
from accounts.tests.factories import UserFactory, count_hashes
from core.errors import Invalid, RateLimited
from core.models import AuditEntry
from core.roles import Role

pytestmark = pytest.mark.django_db
GOOD = "a long enough phrase"
ADDRESS = "203.0.113.9"


def register(email="Ada@Example.COM ", password=GOOD, full_name="", address=ADDRESS):
    return registration.register_user(
        email=email, password=password, full_name=full_name, address=address
    )


def statements_of(work):
    """Return the statements that ran, without their values."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        work()
    return [
        re.split("VALUES|WHERE|defer_jobs", query["sql"])[0]
        for query in queries
        if "SAVEPOINT" not in query["sql"]
    ]


@pytest.mark.req("AUTH-01")
def test_register_user_stores_a_customer_in_lower_case():
    user = register(full_name="  Ada \n Lovelace ")

    stored = User.objects.get()
    assert stored.pk == user.pk
    assert (stored.email, stored.full_name) == ("ada@example.com", "Ada Lovelace")
    assert (stored.role, stored.is_verified, stored.is_superuser) == (Role.CUSTOMER, False, False)
    assert check_password(GOOD, stored.password)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_id, entry.actor_id) == (
        "auth.registered",
        str(user.pk),
        user.pk,
    )
    assert (entry.old_value, entry.new_value, entry.context) == (None, None, {})


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize("spelling", ["ada@example.com", "ADA@example.com", " Ada@Example.com"])
def test_register_user_leaves_a_known_account_alone(spelling):
    owner = UserFactory(email="ada@example.com", full_name="Ada", is_verified=True)
    before = User.objects.values().get()

    pretended = register(email=spelling, full_name="Mallory")

    assert User.objects.values().get() == before
    assert pretended.pk != owner.pk
    assert (pretended.email, pretended.full_name) == ("ada@example.com", "Mallory")
    assert pretended.created_at is not None
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_id, entry.actor_id) == (
        "auth.registration_repeated",
        str(owner.pk),
        None,
    )


@pytest.mark.req("AUTH-01")
def test_register_user_runs_the_same_statements_for_a_known_address():
    UserFactory(email="known@example.com")

    for_known = statements_of(lambda: register(email="known@example.com"))
    for_unknown = statements_of(lambda: register(email="fresh@example.com"))

    assert for_known == for_unknown
    assert len(for_unknown) == 5  # insert, look, audit, token, job


@pytest.mark.req("AUTH-01")
def test_register_user_hashes_once_whether_known_or_not(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    UserFactory(email="known@example.com", password="!")
    hashed = count_hashes(monkeypatch)

    register(email="known@example.com")
    register(email="fresh@example.com")

    assert len(hashed) == 2
    user = User.objects.get(email="fresh@example.com")
    assert identify_hasher(user.password).algorithm == "argon2"


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize(
    ("email", "password", "full_name", "field"),
    [
        ("", GOOD, "", "email"),
        ("no-address", GOOD, "", "email"),
        ("a@b", GOOD, "", "email"),
        ("two@at@example.com", GOOD, "", "email"),
        ("nul\x00@example.com", GOOD, "", "email"),
        ("line\nbreak@example.com", GOOD, "", "email"),
        ("\u212aelvin@example.com", GOOD, "", "email"),
        ("i\u0307@example.com", GOOD, "", "email"),
        ("ada@ex\u00e4mple.com", GOOD, "", "email"),
        ("a" * 250 + "@example.com", GOOD, "", "email"),
        ("ada@example.com", "short", "", "password"),
        ("ada@example.com", "123456789", "", "password"),
        ("ada@example.com", "password123", "", "password"),
        ("ada.lovelace@example.com", "ada.lovelace", "", "password"),
        ("ada@example.com", "grace hopper", "Grace Hopper", "password"),
        ("ada@example.com", "x" * 129, "", "password"),
        ("ada@example.com", GOOD, "nul\x00", "full_name"),
        ("ada@example.com", GOOD, "bell\x07", "full_name"),
        ("ada@example.com", GOOD, "half \ud800", "full_name"),
        ("ada@example.com", GOOD, "n" * 151, "full_name"),
    ],
)
def test_register_user_refuses_and_stores_nothing(email, password, full_name, field):
    with pytest.raises(Invalid) as refusal:
        register(email=email, password=password, full_name=full_name)

    assert list(refusal.value.data["fields"]) == [field]
    assert User.objects.count() == 0
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("AUTH-01")
@pytest.mark.parametrize(
    ("password", "full_name"),
    [
        ("p" * 127 + "Q", ""),
        ("пароль из слов", "Анна"),
        (" spaces kept ", "عمر"),
        ("🦉" * 10, "🦉"),
    ],
)
def test_register_user_takes_long_and_foreign_words(password, full_name):
    register(password=password, full_name=full_name)

    stored = User.objects.get()
    assert stored.full_name == full_name
    assert check_password(password, stored.password)
    assert not check_password(password.strip() + "x", stored.password)


@pytest.mark.req("AUTH-08")
def test_register_user_is_limited_by_address(rate_limits):
    limit = registration.REGISTRATIONS.attempts
    for number in range(limit):
        register(email=f"reader{number}@example.com")

    with pytest.raises(RateLimited) as refusal:
        register(email="one-more@example.com")

    assert 0 < refusal.value.retry_after <= registration.REGISTRATIONS.seconds
    assert User.objects.count() == limit
    register(email="elsewhere@example.com", address="203.0.113.10")
    assert User.objects.count() == limit + 1
