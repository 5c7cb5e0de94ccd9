import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.errors import InvalidCredentials
from accounts.models import RefreshFamily
from accounts.services import sign_in
from accounts.tests.factories import PASSWORD, UserFactory, count_hashes
from core.errors import RateLimited, Unavailable
from core.models import AuditEntry
from core.redis import client

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


def check(email="ada@example.com", password=PASSWORD, address=ADDRESS):
    return sign_in.check_credentials(email=email, password=password, address=address)


def audited():
    return [
        (entry.action, entry.entity_type, entry.entity_id, entry.actor_id)
        for entry in AuditEntry.objects.order_by("id")
    ]


@pytest.mark.req("AUTH-02")
@pytest.mark.parametrize("spelling", ["ada@example.com", " ADA@Example.Com "])
def test_check_credentials_finds_the_user_whatever_the_case(spelling):
    user = UserFactory(email="ada@example.com")

    assert check(email=spelling) == user
    assert audited() == [("auth.login_succeeded", "user", str(user.pk), user.pk)]


@pytest.mark.req("AUTH-02", "AUTH-13")
def test_check_credentials_refuses_alike_whatever_is_wrong():
    known = UserFactory(email="ada@example.com")
    inactive = UserFactory(email="gone@example.com", is_active=False)

    attempts = [
        ("ada@example.com", "wrong"),
        ("ada@example.com", PASSWORD + " "),
        ("nobody@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
    ]
    refusals = []
    for email, password in attempts:
        with pytest.raises(InvalidCredentials) as refusal:
            check(email=email, password=password)
        refusals.append((refusal.value.code, refusal.value.message, refusal.value.details))

    assert set(map(str, refusals)) == {str(refusals[0])}
    failed = "auth.login_failed"
    assert audited() == [
        (failed, "user", str(known.pk), None),
        (failed, "user", str(known.pk), None),
        (failed, "user", "unknown", None),
        (failed, "user", str(inactive.pk), None),
    ]
    assert RefreshFamily.objects.count() == 0


@pytest.mark.req("AUTH-13")
def test_audit_of_sign_in_holds_nothing_personal():
    UserFactory(email="canary-address@example.com", full_name="Canary Name")
    check(email="canary-address@example.com")
    with pytest.raises(InvalidCredentials):
        check(email="canary-address@example.com", password="canary-password")
    with pytest.raises(InvalidCredentials):
        check(email="canary-unknown@example.com", password="canary-password")

    assert AuditEntry.objects.count() == 3
    assert "canary" not in str(list(AuditEntry.objects.values())).lower()


@pytest.mark.req("AUTH-02")
def test_check_credentials_runs_the_same_statements_for_unknown_users():
    UserFactory(email="ada@example.com")

    def statements(email):
        with CaptureQueriesContext(connection) as queries, pytest.raises(InvalidCredentials):
            check(email=email, password="wrong")
        return [query["sql"].split("VALUES")[0].split("WHERE")[0] for query in queries]

    assert statements("ada@example.com") == statements("nobody@example.com")
    assert len(statements("nobody@example.com")) == 3


@pytest.mark.req("AUTH-02")
def test_check_credentials_hashes_once_whether_known_or_not(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    UserFactory(email="ada@example.com")
    hashed = count_hashes(monkeypatch)

    for email in ("ada@example.com", "nobody@example.com"):
        with pytest.raises(InvalidCredentials):
            check(email=email, password="wrong")

    assert len(hashed) == 2


@pytest.mark.req("AUTH-08")
def test_check_credentials_is_limited_by_address_successes_included(rate_limits):
    users = [UserFactory(email=f"reader{number}@example.com") for number in range(11)]
    for user in users[:10]:
        check(email=user.email)

    with pytest.raises(RateLimited) as refusal:
        check(email=users[10].email)

    assert refusal.value.attempts == sign_in.BY_ADDRESS.attempts == 10
    assert 0 < refusal.value.retry_after <= 60
    assert len(audited()) == 10
    assert check(email=users[10].email, address="203.0.113.10") == users[10]


@pytest.mark.req("AUTH-08")
def test_check_credentials_is_limited_by_account_from_many_addresses(rate_limits):
    UserFactory(email="ada@example.com")
    for number in range(10):
        with pytest.raises(InvalidCredentials):
            check(email=["ada@example.com", "ADA@example.com"][number % 2], password="wrong",
                  address=f"203.0.113.{number}")  # fmt: skip

    with pytest.raises(RateLimited) as refusal:
        check(address="203.0.113.200")

    assert 60 < refusal.value.retry_after <= 300
    assert "ada@" not in str(list(client().scan_iter("limit:*")))


@pytest.mark.req("AUTH-08")
def test_check_credentials_is_refused_while_attempts_cannot_be_counted(rate_limits, redis_is_down):
    UserFactory(email="ada@example.com")

    with pytest.raises(Unavailable):
        check()

    assert audited() == []
