"""Codes are good once, guesses are few, and the owner hears of them."""

import pytest
from allauth.mfa.models import Authenticator
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Proof, TokenPurpose
from accounts.errors import ChallengeEnded, CodeWrong, PasskeyNotAccepted, SecondFactorRequired
from accounts.gateways import mfa
from accounts.models import OneTimeToken, RefreshFamily
from accounts.services import one_time_tokens, passkeys, second_factor, sign_in
from accounts.services import second_factor_answers as answers
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.second_factors import (
    ORIGIN,
    code_of,
    give_app,
    give_passkey,
    next_code,
    recovery_codes_of,
    wrong_code,
)
from core.errors import RateLimited, Unavailable
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-10")]
ADDRESS = "203.0.113.9"


@pytest.fixture
def user():
    return UserFactory(email="ada@example.com")


@pytest.fixture
def sealed(user):
    return give_app(user)


def challenged(user, proof=Proof.PASSWORD):
    with pytest.raises(SecondFactorRequired) as asked:
        sign_in.admit(user=user, proof=proof)
    return asked.value.data["challenge"]


def answer(challenge, code, address=ADDRESS):
    return answers.answer_with_code(challenge=challenge, code=code, address=address)


def audited_since_set_up():
    rows = AuditEntry.objects.order_by("id")
    return [(row.action, row.context) for row in rows if row.action != "auth.second_factor_added"]


def letters():
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.send_letter").order_by("id")
    return [job.args["letter"] for job in jobs]


@pytest.mark.req("AUTH-13")
def test_code_completes_the_sign_in_and_is_audited(user, sealed):
    challenge = challenged(user)

    assert answer(challenge, next_code(sealed)) == user

    assert audited_since_set_up() == [
        ("auth.second_factor_accepted", {"kind": "totp"}),
        ("auth.login_succeeded", {"proof": "password"}),
    ]
    assert OneTimeToken.objects.get().used_at is not None
    with pytest.raises(ChallengeEnded):
        answer(challenge, next_code(sealed))


def test_challenge_comes_only_after_the_right_password(user, sealed):
    with pytest.raises(SecondFactorRequired):
        sign_in.check_credentials(email=user.email, password=PASSWORD, address=ADDRESS)
    assert OneTimeToken.objects.count() == 1
    assert audited_since_set_up() == []


def test_code_is_good_once_ever(user, sealed):
    code = next_code(sealed)
    answer(challenged(user), code)

    for spent in (code, code_of(sealed, 0), code_of(sealed, -1)):
        with pytest.raises(CodeWrong):
            answer(challenged(user), spent)


def test_code_that_set_the_app_up_is_used_up(user, sealed):
    with pytest.raises(CodeWrong):
        answer(challenged(user), code_of(sealed, 0))


def test_recovery_codes_are_good_once_each(user, sealed):
    first, second = recovery_codes_of(user)[:2]

    assert answer(challenged(user), first) == user
    with pytest.raises(CodeWrong):
        answer(challenged(user), first)
    assert answer(challenged(user), second.replace(" ", "-")) == user

    assert len(recovery_codes_of(user)) == 8
    assert ("auth.second_factor_accepted", {"kind": "recovery_codes"}) in audited_since_set_up()


def test_recovery_codes_of_before_and_of_others_are_worthless(user, sealed):
    other = UserFactory()
    give_app(other)
    old = recovery_codes_of(user)[0]
    second_factor.renew_recovery_codes(user_id=user.pk)

    for code in (old, recovery_codes_of(other)[0]):
        with pytest.raises(CodeWrong):
            answer(challenged(user), code)

    assert len(recovery_codes_of(user)) == 10


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "x" * 50, "１２３４５６", "\x00"])
def test_odd_codes_are_wrong_ones(user, sealed, code):
    with pytest.raises(CodeWrong):
        answer(challenged(user), code)


@pytest.mark.req("AUTH-08", "AUTH-13")
def test_fifth_wrong_answer_ends_the_challenge_and_tells_the_owner(user, sealed):
    challenge, other = challenged(user), challenged(user)
    wrong = wrong_code(sealed)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            answer(challenge, wrong)

    with pytest.raises(ChallengeEnded):
        answer(challenge, next_code(sealed))

    assert [action for action, _ in audited_since_set_up()] == [
        *["auth.second_factor_failed"] * 5,
        "auth.locked_out",
    ]
    assert letters()[1:] == ["codes_guessed"]
    assert answer(other, next_code(sealed)) == user


def test_fifth_answer_may_be_the_right_one(user, sealed):
    challenge = challenged(user)
    for _ in range(4):
        with pytest.raises(CodeWrong):
            answer(challenge, wrong_code(sealed))

    assert answer(challenge, next_code(sealed)) == user


@pytest.mark.req("AUTH-08")
def test_account_is_guessed_at_twenty_times_an_hour_whatever_the_addresses(
    user, sealed, rate_limits
):
    for number in range(20):
        with pytest.raises(CodeWrong):
            answer(challenged(user), wrong_code(sealed), address=f"203.0.113.{number}")

    for _ in range(3):
        with pytest.raises(RateLimited) as refusal:
            answer(challenged(user), next_code(sealed), address="203.0.113.100")

    assert 0 < refusal.value.retry_after <= 3600
    assert letters()[1:] == ["codes_guessed"]
    assert [action for action, _ in audited_since_set_up()].count("auth.locked_out") == 1


@pytest.mark.req("AUTH-08")
def test_passkey_opens_while_guessing_at_codes_is_blocked(user, sealed, rate_limits):
    key = give_passkey(user)
    for number in range(20):
        with pytest.raises(CodeWrong):
            answer(challenged(user), wrong_code(sealed), address=f"203.0.113.{number}")
    question = passkeys.ask_user(user=user, origin=ORIGIN, is_only_proof=False)

    found = answers.answer_with_passkey(
        challenge=challenged(user),
        origin=ORIGIN,
        state=question.state,
        answer=key.sign(question.options),
        address=ADDRESS,
    )

    assert found == user


@pytest.mark.req("AUTH-08")
def test_address_answers_twenty_times_a_minute(user, sealed, rate_limits):
    for _ in range(20):
        with pytest.raises(ChallengeEnded):
            answer("nonsense", "123456")

    with pytest.raises(RateLimited):
        answer(challenged(user), next_code(sealed))


@pytest.mark.req("AUTH-08")
def test_answers_are_refused_while_they_cannot_be_counted(user, sealed, rate_limits, redis_is_down):
    with pytest.raises(Unavailable):
        answer(challenged(user), next_code(sealed))

    assert audited_since_set_up() == []


def test_challenges_of_others_purposes_and_people_gone_are_worthless(user, sealed):
    link = one_time_tokens.issue(TokenPurpose.SIGN_IN_LINK, user=user)
    challenge = challenged(user)
    for worthless in ["", "x", one_time_tokens.secret_of(link), challenge[:-2] + "zz"]:
        with pytest.raises(ChallengeEnded):
            answer(worthless, next_code(sealed))
    user.is_active = False
    user.save()

    with pytest.raises(ChallengeEnded):
        answer(challenge, next_code(sealed))

    assert RefreshFamily.objects.count() == 0


def test_code_of_somebody_else_is_wrong(user, sealed):
    theirs = give_app(UserFactory())

    with pytest.raises(CodeWrong):
        answer(challenged(user), next_code(theirs))


def test_app_that_was_removed_answers_no_more(user, sealed):
    give_passkey(user)
    second_factor.remove_app(user_id=user.pk)

    with pytest.raises(CodeWrong):
        answer(challenged(user), next_code(sealed))


def test_secret_sealed_with_a_lost_key_opens_nothing_and_is_logged(user, sealed, caplog):
    row = Authenticator.objects.get(type="totp")
    row.data["secret"] = "nonsense"
    row.save()

    with pytest.raises(CodeWrong):
        answer(challenged(user), next_code(sealed))

    assert "sealed with an unknown key" in caplog.text
    assert user.email not in caplog.text


def test_what_an_earlier_key_sealed_is_sealed_anew_when_it_is_used(user, sealed, settings):
    one, other = recovery_codes_of(user)[:2]
    code = next_code(sealed)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-" * 5
    answer(challenged(user), code)
    answer(challenged(user), one)

    settings.SECRET_KEY_FALLBACKS = []

    assert answer(challenged(user), other) == user
    row = Authenticator.objects.get(type="totp")
    assert mfa.unseal(row.data["secret"])


def test_passkey_answers_the_challenge(user):
    key = give_passkey(user)
    challenge = challenged(user)
    question = passkeys.ask_user(user=user, origin=ORIGIN, is_only_proof=False)
    signed = key.sign(question.options)

    def send(answered):
        return answers.answer_with_passkey(
            challenge=challenge,
            origin=ORIGIN,
            state=question.state,
            answer=answered,
            address=ADDRESS,
        )

    with pytest.raises(PasskeyNotAccepted):
        send("{}")
    assert send(signed) == user
    assert audited_since_set_up() == [
        ("auth.second_factor_failed", {"proof": "second factor"}),
        ("auth.second_factor_accepted", {"kind": "webauthn"}),
        ("auth.login_succeeded", {"proof": "password"}),
    ]


def test_nothing_personal_is_audited(user, sealed):
    code = next_code(sealed)
    answer(challenged(user), code)

    trail = str(list(AuditEntry.objects.values()))
    assert [said for said in (user.email, code, sealed) if said in trail] == []
