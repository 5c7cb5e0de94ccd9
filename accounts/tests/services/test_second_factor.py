"""A second factor is added with a proof that it works, and every change is known to its owner."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.errors import EmailNotVerified, OwnSecondFactor, SecondFactorNeeded, TokenInvalid
from accounts.gateways import mfa, totp
from accounts.models import BrowserSession
from accounts.selectors.second_factor import overview
from accounts.services import passkeys, second_factor, tokens
from accounts.tests.factories import AdminFactory, EmployeeFactory, ManagerFactory, UserFactory
from accounts.tests.second_factors import (
    code_of,
    give_app,
    give_passkey,
    recovery_codes_of,
    wrong_code,
)
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10")]


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def still_clock(monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


def audited():
    rows = AuditEntry.objects.order_by("id")
    return [(row.action, row.context.get("kind"), row.actor_id) for row in rows]


def letters():
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.send_letter").order_by("id")
    return [job.args["letter"] for job in jobs]


@pytest.mark.parametrize("give", [give_app, give_passkey])
def test_unconfirmed_address_holds_no_second_factor(give):
    """It would be gone with the first proof of the mailbox, which asks for no second one."""
    unconfirmed = UserFactory(is_verified=False)

    with pytest.raises(EmailNotVerified):
        give(unconfirmed)

    unconfirmed.refresh_from_db()
    assert unconfirmed.second_factor_at is None
    assert not Authenticator.objects.exists()
    assert (audited(), letters()) == ([], [])


def test_confirm_app_switches_the_second_factor_on_and_ends_what_was_open(user):
    browser = Client()
    browser.force_login(user)
    pair = tokens.issue_pair(user=user)

    sealed = give_app(user)

    found = overview(user)
    assert (found.is_on, found.app.data["secret"], found.passkeys) == (True, sealed, [])
    assert found.codes_left == 10
    assert user.second_factor_at is not None
    assert user.token_version == 1
    assert BrowserSession.objects.filter(user=user).count() == 0
    assert browser.get("/account/").status_code == 302
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address="203.0.113.9")
    assert audited() == [("auth.second_factor_added", "totp", user.pk)]
    assert letters() == ["second_factor_changed"]


def test_confirm_app_refuses_a_wrong_code_and_changes_nothing(user):
    sealed = totp.new_secret()

    for code in [wrong_code(sealed), "", "abcdef", "1" * 50, "１２３４５６"]:
        with pytest.raises(Invalid) as refusal:
            second_factor.confirm_app(user_id=user.pk, sealed=sealed, code=code)
        assert list(refusal.value.data["fields"]) == ["code"]

    user.refresh_from_db()
    assert (user.second_factor_at, Authenticator.objects.count(), audited()) == (None, 0, [])


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_confirm_app_bears_a_clock_that_is_half_a_minute_off(user, steps, still_clock):
    sealed = totp.new_secret()
    code = code_of(sealed, steps)

    second_factor.confirm_app(user_id=user.pk, sealed=sealed, code=f"{code[:3]} {code[3:]}")

    assert overview(user).is_on


@pytest.mark.parametrize("steps", [-2, 2])
def test_confirm_app_refuses_a_clock_that_is_further_off(user, steps, still_clock):
    sealed = totp.new_secret()

    with pytest.raises(Invalid):
        second_factor.confirm_app(user_id=user.pk, sealed=sealed, code=code_of(sealed, steps))


def test_confirm_app_refuses_a_second_app(user):
    first = give_app(user)
    other = totp.new_secret()

    with pytest.raises(Conflict):
        second_factor.confirm_app(user_id=user.pk, sealed=other, code=code_of(other))

    assert overview(user).app.data["secret"] == first


def test_another_factor_ends_no_session(user):
    give_app(user)
    version = user.token_version

    give_passkey(user)

    user.refresh_from_db()
    assert user.token_version == version
    assert [action for action, *_ in audited()] == ["auth.second_factor_added"] * 2
    assert letters() == ["second_factor_changed"] * 2


def test_secrets_rest_sealed_and_pictures_show_them(user):
    sealed = give_app(user)
    secret = mfa.unseal(sealed)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert [code for code in recovery_codes_of(user) if code.replace(" ", "") in stored] == []
    set_up = second_factor.begin_app(user=user, sealed=sealed)
    assert set_up.picture.secret.replace(" ", "") == secret
    assert set_up.picture.uri.startswith("data:image/svg+xml;base64,")


def test_begin_app_makes_another_secret_each_time_and_stores_nothing(user):
    one, two = second_factor.begin_app(user=user), second_factor.begin_app(user=user)

    assert mfa.unseal(one.sealed) != mfa.unseal(two.sealed)
    assert second_factor.begin_app(user=user, sealed=one.sealed).picture == one.picture
    assert Authenticator.objects.count() == 0


def test_secrets_sealed_with_an_earlier_key_are_read_while_it_is_named(settings, user):
    earlier = settings.SECRET_KEY
    sealed = give_app(user)
    settings.SECRET_KEY = "another-secret-" * 5
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert len(totp.counters_of(sealed, code_of(sealed))) >= 1

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(mfa.SecretUnreadable):
        mfa.unseal(sealed)


def test_removing_the_last_factor_switches_it_off(user):
    give_app(user)
    give_passkey(user)
    second_factor.remove_app(user_id=user.pk)
    user.refresh_from_db()
    assert user.second_factor_at is not None
    assert overview(user).codes_left == 10

    passkeys.remove(user_id=user.pk, passkey_id=overview(user).passkeys[0].pk)

    user.refresh_from_db()
    assert user.second_factor_at is None
    assert Authenticator.objects.count() == 0
    assert audited()[2:] == [
        ("auth.second_factor_removed", "totp", user.pk),
        ("auth.second_factor_removed", "webauthn", user.pk),
    ]
    assert letters() == ["second_factor_changed"] * 4


def test_what_is_not_there_cannot_be_removed(user):
    other = UserFactory()
    give_passkey(other)

    with pytest.raises(NotFound):
        second_factor.remove_app(user_id=user.pk)
    with pytest.raises(NotFound):
        passkeys.remove(user_id=user.pk, passkey_id=overview(other).passkeys[0].pk)
    with pytest.raises(NotFound):
        second_factor.renew_recovery_codes(user_id=user.pk)

    assert len(overview(other).passkeys) == 1


def test_staff_keep_their_last_factor_where_one_is_required(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    clerk, reader = EmployeeFactory(), UserFactory()
    give_app(clerk)
    give_app(reader)

    with pytest.raises(SecondFactorNeeded):
        second_factor.remove_app(user_id=clerk.pk)
    second_factor.remove_app(user_id=reader.pk)
    give_passkey(clerk)
    second_factor.remove_app(user_id=clerk.pk)
    with pytest.raises(SecondFactorNeeded):
        passkeys.remove(user_id=clerk.pk, passkey_id=overview(clerk).passkeys[0].pk)

    clerk.refresh_from_db()
    assert (clerk.second_factor_at is None, overview(reader).is_on) == (False, False)


def test_renewed_recovery_codes_replace_the_old_ones(user):
    give_app(user)
    old = recovery_codes_of(user)

    second_factor.renew_recovery_codes(user_id=user.pk)

    new = recovery_codes_of(user)
    assert (len(old), len(new), set(old) & set(new)) == (10, 10, set())
    assert audited()[1:] == [("auth.recovery_codes_renewed", None, user.pk)]


def test_administrators_reset_what_somebody_lost(user):
    admin = AdminFactory()
    give_app(user)
    give_passkey(user)
    pair = tokens.issue_pair(user=user)

    second_factor.reset(user_id=user.pk, actor_id=admin.pk)

    user.refresh_from_db()
    assert (user.second_factor_at, Authenticator.objects.count()) == (None, 0)
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address="203.0.113.9")
    assert audited()[-1] == ("auth.second_factor_reset", None, admin.pk)
    assert letters()[-1] == "second_factor_changed"


def test_administrator_who_was_demoted_meanwhile_resets_nothing(user):
    give_app(user)

    with pytest.raises(NotAllowed):
        second_factor.reset(user_id=user.pk, actor_id=ManagerFactory().pk)

    assert overview(user).is_on


def test_administrators_do_not_reset_their_own_nor_what_is_not_there(user):
    admin = AdminFactory()
    give_app(admin)

    with pytest.raises(OwnSecondFactor):
        second_factor.reset(user_id=admin.pk, actor_id=admin.pk)
    with pytest.raises(NotFound):
        second_factor.reset(user_id=user.pk, actor_id=admin.pk)

    assert overview(admin).is_on
    assert len(audited()) == 1


def test_overview_takes_one_query(user, django_assert_num_queries):
    give_app(user)
    for number in range(3):
        give_passkey(user, f"Key {number}")

    with django_assert_num_queries(1):
        assert [row.data["name"] for row in overview(user).passkeys] == ["Key 0", "Key 1", "Key 2"]
