"""Passkeys: nobody else's signature, no other question's, no other site's, no copy's."""

import json

import pytest
from allauth.mfa.models import Authenticator

from accounts.errors import PasskeyNotAccepted, TooManyPasskeys
from accounts.selectors.second_factor import overview
from accounts.services import passkeys
from accounts.tests.factories import UserFactory
from accounts.tests.second_factors import NEW, ORIGIN, PRESENT, UNLOCKED, SoftKey, give_passkey
from core.errors import Invalid, NotFound, RateLimited, Unavailable
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10")]
ADDRESS = "203.0.113.9"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def key(user):
    return give_passkey(user)


def sign_in(answer, question, origin=ORIGIN):
    return passkeys.check_sign_in(
        origin=origin, state=question.state, answer=answer, address=ADDRESS
    )


def ask():
    return passkeys.ask_anybody(origin=ORIGIN, address=ADDRESS)


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_passkey_signs_in_without_a_password_and_is_both_factors(user, key):
    assert user.second_factor_at is not None
    question = ask()
    assert question.options["userVerification"] == "required"
    assert "allowCredentials" not in question.options

    assert sign_in(key.sign(question.options), question) == user

    entry = AuditEntry.objects.get(action="auth.login_succeeded")
    assert (entry.actor_id, entry.context) == (user.pk, {"proof": "passkey"})
    assert overview(user).passkeys[0].last_used_at is not None


def test_device_learns_no_more_than_it_shows(user):
    options = passkeys.ask_for_new(user=user, origin=ORIGIN).options

    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert user.email not in options["user"]["id"]
    assert options["user"]["name"] == "ada@example.com"


def test_question_for_a_new_one_names_those_that_are_there(user, key):
    options = passkeys.ask_for_new(user=user, origin=ORIGIN).options

    assert len(options["excludeCredentials"]) == 1


@pytest.mark.parametrize("damage", ["signature", "authenticatorData", "clientDataJSON"])
def test_damaged_answers_are_refused(key, damage):
    question = ask()
    answer = json.loads(key.sign(question.options))
    part = answer["response"][damage]
    answer["response"][damage] = part[:20] + ("A" if part[20] != "A" else "B") + part[21:]

    with pytest.raises(PasskeyNotAccepted):
        sign_in(json.dumps(answer), question)

    assert actions()[1:] == ["auth.login_failed"]


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", "7", "x" * 30_000, "[" * 15_000, '{"id": 1}', '{"response": {}}',
     '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "!"}}'],
)  # fmt: skip
def test_nonsense_is_refused(key, answer):
    with pytest.raises(PasskeyNotAccepted):
        sign_in(answer, ask())


def test_answer_to_another_question_is_refused(key):
    answered = key.sign(ask().options)

    with pytest.raises(PasskeyNotAccepted):
        sign_in(answered, ask())


@pytest.mark.parametrize(
    "origin", ["http://evil.test", "http://localhost:9000", "https://localhost:8000",
               "http://sub.localhost:8000"],
)  # fmt: skip
def test_answer_given_to_another_site_is_refused(key, origin):
    question = ask()
    key.origin = origin

    with pytest.raises(PasskeyNotAccepted):
        sign_in(key.sign(question.options), question)


@pytest.mark.parametrize("flags", [0, PRESENT, UNLOCKED])
def test_key_that_nobody_touched_or_unlocked_is_refused(key, flags):
    question = ask()

    with pytest.raises(PasskeyNotAccepted):
        sign_in(key.sign(question.options, flags=flags), question)


def test_second_copy_of_a_key_is_refused(key):
    question = ask()
    sign_in(key.sign(question.options), question)
    key.uses = 0

    with pytest.raises(PasskeyNotAccepted):
        sign_in(key.sign(question.options), question)


def test_key_that_does_not_count_opens_each_time(key, user):
    for _ in range(2):
        question = ask()
        assert sign_in(key.sign(question.options, count=0), question) == user


def test_key_of_nobody_and_of_people_switched_off_is_refused(user, key):
    stranger = SoftKey()
    stranger.user_handle = user.pk.bytes
    question = ask()
    with pytest.raises(PasskeyNotAccepted):
        sign_in(stranger.sign(question.options), question)
    stranger.user_handle = b"nobody"
    with pytest.raises(PasskeyNotAccepted):
        sign_in(stranger.sign(question.options), question)
    user.is_active = False
    user.save()
    with pytest.raises(PasskeyNotAccepted):
        sign_in(key.sign(question.options), question)

    failed = AuditEntry.objects.filter(action="auth.login_failed").order_by("id")
    assert [row.entity_id for row in failed] == [str(user.pk), "unknown", "unknown"]


def test_key_of_somebody_else_does_not_open_ones_account(user, key):
    theirs = give_passkey(UserFactory())
    theirs.user_handle = user.pk.bytes
    question = ask()

    with pytest.raises(PasskeyNotAccepted):
        sign_in(theirs.sign(question.options), question)


def test_removed_key_opens_no_more(user, key):
    passkeys.remove(user_id=user.pk, passkey_id=overview(user).passkeys[0].pk)
    question = ask()

    with pytest.raises(PasskeyNotAccepted):
        sign_in(key.sign(question.options), question)


@pytest.mark.parametrize("flags", [NEW | PRESENT, NEW | UNLOCKED])
def test_new_key_must_be_touched_unlocked_and_there(user, flags):
    question = passkeys.ask_for_new(user=user, origin=ORIGIN)
    answer = SoftKey().make(question.options, flags=flags)

    with pytest.raises(PasskeyNotAccepted):
        passkeys.add(
            user_id=user.pk, name="Key", origin=ORIGIN, state=question.state, answer=answer
        )

    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("name", ["", "  ", "x" * 51, "a\x00b", "a\u202eb"])
def test_names_are_short_and_printable(user, key, name):
    row = overview(user).passkeys[0]
    with pytest.raises(Invalid) as refusal:
        passkeys.rename(user_id=user.pk, passkey_id=row.pk, name=name)
    assert list(refusal.value.data["fields"]) == ["name"]

    passkeys.rename(user_id=user.pk, passkey_id=row.pk, name="  Ada’s   phone ")

    row.refresh_from_db()
    assert row.data["name"] == "Ada’s phone"
    assert actions()[-1] == "auth.passkey_renamed"


def test_nobody_renames_the_key_of_somebody_else(user, key):
    with pytest.raises(NotFound):
        passkeys.rename(
            user_id=UserFactory().pk, passkey_id=overview(user).passkeys[0].pk, name="Mine"
        )


def test_account_holds_twenty(user, key, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 2)
    give_passkey(user, "Second")

    with pytest.raises(TooManyPasskeys):
        give_passkey(user, "Third")

    assert len(overview(user).passkeys) == 2


@pytest.mark.req("AUTH-08")
def test_address_tries_twenty_times_a_minute(key, rate_limits):
    for _ in range(20):
        with pytest.raises(PasskeyNotAccepted):
            sign_in("{}", ask())

    question = ask()
    with pytest.raises(RateLimited):
        sign_in(key.sign(question.options), question)


@pytest.mark.req("AUTH-08")
def test_passkeys_wait_while_attempts_cannot_be_counted(key, rate_limits, redis_is_down):
    question = ask()
    with pytest.raises(Unavailable):
        sign_in(key.sign(question.options), question)
