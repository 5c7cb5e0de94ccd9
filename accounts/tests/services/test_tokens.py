import uuid
from datetime import timedelta

import jwt
import pytest
from django.db.models import F
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.errors import TokenExpired, TokenInvalid, TokenReused
from accounts.models import RefreshFamily, User
from accounts.selectors import users
from accounts.services import tokens
from accounts.tests.factories import UserFactory
from accounts.tests.forgery import signed
from core.errors import RateLimited
from core.models import AuditEntry

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


@pytest.fixture
def user():
    return UserFactory()


def refresh(token):
    return tokens.refresh_pair(refresh=token, address=ADDRESS)


def holder_of(access):
    claims = tokens.read_access(access)
    return users.user_signed_in_by(
        user_id=claims.user_id, family_id=claims.family_id, version=claims.version
    )


def letters_to(user):
    """Return the letters that wait to be sent to `user`; their jobs hold ids alone."""
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.send_letter").order_by("id")
    return [job.args["letter"] for job in jobs if job.args["user_id"] == str(user.pk)]


def seconds_to(instant):
    return (instant - timezone.now()).total_seconds()


@pytest.mark.req("AUTH-02")
def test_issue_pair_starts_a_family(user):
    pair = tokens.issue_pair(user=user, device="Firefox on Linux")

    family = RefreshFamily.objects.get()
    assert (family.user_id, family.revoked_at, family.revoked_because) == (user.pk, None, "")
    assert family.device == "Firefox on Linux"
    assert seconds_to(family.expires_at) == pytest.approx(30 * 86_400, abs=5)
    assert (pair.access_expires_in, pair.user) == (900, user)
    assert holder_of(pair.access) == user
    access = jwt.decode(pair.access, options={"verify_signature": False})
    assert sorted(access) == [
        "aud",
        "exp",
        "fam",
        "iat",
        "iss",
        "jti",
        "sub",
        "token_type",
        "ver",
    ]
    assert access["exp"] - access["iat"] == 900
    assert (access["iss"], access["aud"]) == ("bookstore", "bookstore-api")
    spent = jwt.decode(pair.refresh, options={"verify_signature": False})
    assert spent["jti"] == str(family.current_jti) != access["jti"]
    assert spent["exp"] == int(family.expires_at.timestamp())


@pytest.mark.req("AUTH-03")
def test_refresh_pair_rotates_within_the_family(user):
    first = tokens.issue_pair(user=user)

    second = refresh(first.refresh)
    third = refresh(second.refresh)

    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert holder_of(third.access) == user
    assert RefreshFamily.objects.count() == 1
    assert RefreshFamily.objects.get().current_jti == tokens.read_refresh(third.refresh).jti


@pytest.mark.req("AUTH-03")
@pytest.mark.parametrize("spent", [0, 1])
def test_refresh_pair_kills_the_family_when_a_spent_token_returns(user, spent):
    pairs = [tokens.issue_pair(user=user)]
    pairs += [refresh(pairs[0].refresh)]
    pairs += [refresh(pairs[1].refresh)]
    other = tokens.issue_pair(user=user)

    with pytest.raises(TokenReused):
        refresh(pairs[spent].refresh)
    for pair in pairs:
        with pytest.raises(TokenReused):
            refresh(pair.refresh)
        assert holder_of(pair.access) is None

    family = RefreshFamily.objects.exclude(revoked_at=None).get()
    assert family.revoked_because == tokens.REUSED
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_id, entry.actor_id, entry.context) == (
        "auth.token_reused",
        str(user.pk),
        None,
        {"family": str(family.pk)},
    )
    assert letters_to(user) == ["token_reused"]
    assert refresh(other.refresh).user == user


@pytest.mark.req("AUTH-03")
def test_family_in_use_for_forty_days_ends_after_thirty(user):
    pair = tokens.issue_pair(user=user)
    day = timedelta(days=1)
    for days in range(1, 30):
        RefreshFamily.objects.update(expires_at=F("expires_at") - day)  # as if a day had passed
        pair = refresh(pair.refresh)
        left = seconds_to(RefreshFamily.objects.get().expires_at)
        assert left == pytest.approx((30 - days) * 86_400, abs=5)
    RefreshFamily.objects.update(expires_at=F("expires_at") - day)

    with pytest.raises(TokenExpired):
        refresh(pair.refresh)
    assert RefreshFamily.objects.get().revoked_at is None
    assert letters_to(user) == []


@pytest.mark.req("AUTH-03")
def test_refresh_pair_ends_with_the_family(user):
    pair = tokens.issue_pair(user=user)
    RefreshFamily.objects.update(expires_at=timezone.now() + timedelta(minutes=5))

    second = refresh(pair.refresh)
    claims = jwt.decode(second.refresh, options={"verify_signature": False})
    assert claims["exp"] == int(RefreshFamily.objects.get().expires_at.timestamp())

    RefreshFamily.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(TokenExpired):
        refresh(second.refresh)
    assert RefreshFamily.objects.get().revoked_at is None
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("AUTH-04")
def test_revoke_family_ends_this_sign_in_only(user):
    pair, other = tokens.issue_pair(user=user), tokens.issue_pair(user=user)
    spent, pair = pair, refresh(pair.refresh)

    tokens.revoke_family(refresh=spent.refresh)
    tokens.revoke_family(refresh=pair.refresh)

    for dead in (pair, spent):
        with pytest.raises(TokenInvalid):
            refresh(dead.refresh)
        assert holder_of(dead.access) is None
    assert [entry.action for entry in AuditEntry.objects.all()] == ["auth.logged_out"]
    assert holder_of(other.access) == user
    assert refresh(other.refresh).user == user


@pytest.mark.req("AUTH-04")
def test_revoke_all_ends_every_sign_in_of_this_user(user):
    pairs = [tokens.issue_pair(user=user) for _ in range(2)]
    neighbour = tokens.issue_pair(user=UserFactory())

    tokens.revoke_all(user=user, actor_id=user.pk)

    mine = RefreshFamily.objects.filter(user=user)
    assert {family.revoked_because for family in mine} == {tokens.SIGNED_OUT_EVERYWHERE}

    for pair in pairs:
        with pytest.raises(TokenInvalid):
            refresh(pair.refresh)
        assert holder_of(pair.access) is None
    assert refresh(neighbour.refresh)
    assert holder_of(tokens.issue_pair(user=User.objects.get(pk=user.pk)).access) == user


@pytest.mark.req("AUTH-02")
def test_tokens_are_good_for_their_own_kind_only(user):
    pair = tokens.issue_pair(user=user)

    with pytest.raises(TokenInvalid):
        refresh(pair.access)
    with pytest.raises(TokenInvalid):
        tokens.read_access(pair.refresh)


@pytest.mark.req("AUTH-03")
def test_expired_tokens_say_so(user):
    pair = tokens.issue_pair(user=user)

    with pytest.raises(TokenExpired):
        tokens.read_access(signed({"exp": 1_000_000_000}, base=pair.access))
    with pytest.raises(TokenExpired):
        refresh(signed({"exp": 1_000_000_000}, base=pair.refresh))


@pytest.mark.req("AUTH-03")
def test_tokens_of_one_user_do_not_open_the_family_of_another(user):
    mine, theirs = tokens.issue_pair(user=user), tokens.issue_pair(user=UserFactory())
    their_family = str(tokens.read_refresh(theirs.refresh).family_id)

    with pytest.raises(TokenInvalid):
        refresh(signed({"fam": their_family}, base=mine.refresh))
    assert holder_of(signed({"fam": their_family}, base=mine.access)) is None
    with pytest.raises(TokenInvalid):
        refresh(signed({"fam": str(uuid.uuid4())}, base=mine.refresh))

    assert refresh(theirs.refresh)


@pytest.mark.req("AUTH-02")
def test_access_costs_one_query(user, django_assert_num_queries):
    pair = tokens.issue_pair(user=user)

    with django_assert_num_queries(1):
        assert holder_of(pair.access) == user


@pytest.mark.req("AUTH-08")
def test_refresh_pair_is_limited_by_address(rate_limits, user):
    pair = tokens.issue_pair(user=user)
    for _ in range(60):
        pair = refresh(pair.refresh)

    with pytest.raises(RateLimited):
        refresh(pair.refresh)

    assert RefreshFamily.objects.get().revoked_at is None


@pytest.mark.req("AUTH-08")
def test_refresh_pair_goes_on_while_attempts_cannot_be_counted(rate_limits, redis_is_down, user):
    assert refresh(tokens.issue_pair(user=user).refresh).user == user
