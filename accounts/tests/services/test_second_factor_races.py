"""Thirty answers at once with one code: one opens. And the same with the locks taken away."""

from collections import Counter
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from accounts.enums import Proof
from accounts.errors import ChallengeEnded, CodeWrong, SecondFactorRequired
from accounts.services import second_factor_answers as answers
from accounts.services import sign_in
from accounts.tests.factories import UserFactory
from accounts.tests.second_factors import (
    give_app,
    next_code,
    recovery_codes_of,
    wrong_code,
)
from core import locks
from core.models import AuditEntry
from tests.fixtures.at_once import all_at_once, count_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-10")]
AT_ONCE = 30


def challenges(user, how_many=AT_ONCE):
    made = []
    for _ in range(how_many):
        with pytest.raises(SecondFactorRequired) as asked:
            sign_in.admit(user=user, proof=Proof.PASSWORD)
        made.append(asked.value.data["challenge"])
    return made


def answer_each(asked, code):
    return count_endings(
        all_at_once(
            lambda number: answers.answer_with_code(
                challenge=asked[number % len(asked)], code=code, address="203.0.113.9"
            ),
            AT_ONCE,
        )
    )


def take_the_locks_away(monkeypatch):
    """Everybody reads before anybody writes, as without a lock they might."""
    everyone_read = Barrier(AT_ONCE)

    def read(queryset, **kwargs):
        row = queryset.first()
        with suppress(BrokenBarrierError):
            everyone_read.wait(timeout=30)
        return row

    monkeypatch.setattr(locks, "lock_row", read)


def test_of_thirty_sign_ins_with_one_code_one_succeeds():
    user = UserFactory()
    sealed = give_app(user)
    asked = challenges(user)

    endings = answer_each(asked, next_code(sealed))

    assert endings == {"done": 1, CodeWrong.__name__: AT_ONCE - 1}
    actions = Counter(AuditEntry.objects.values_list("action", flat=True))
    assert actions["auth.login_succeeded"] == 1
    assert actions["auth.second_factor_failed"] == AT_ONCE - 1


def test_control_without_the_lock_one_code_opens_many_times(monkeypatch):
    user = UserFactory()
    sealed = give_app(user)
    asked = challenges(user)
    take_the_locks_away(monkeypatch)

    assert answer_each(asked, next_code(sealed))["done"] > 1


def test_of_thirty_sign_ins_with_one_recovery_code_one_succeeds():
    user = UserFactory()
    give_app(user)

    endings = answer_each(challenges(user), recovery_codes_of(user)[0])

    assert endings == {"done": 1, CodeWrong.__name__: AT_ONCE - 1}
    assert len(recovery_codes_of(user)) == 9


def test_of_thirty_guesses_at_one_challenge_five_are_heard():
    user = UserFactory()
    sealed = give_app(user)

    endings = answer_each(challenges(user, 1), wrong_code(sealed))

    heard = AuditEntry.objects.filter(action="auth.second_factor_failed").count()
    assert 0 < heard <= answers.MOST_ANSWERS
    assert endings[CodeWrong.__name__] + endings[ChallengeEnded.__name__] == AT_ONCE


def test_control_counting_afterwards_hears_all_thirty(monkeypatch):
    """The same guesses where an answer is counted after it was looked at."""
    user = UserFactory()
    sealed = give_app(user)
    asked = challenges(user, 1)
    monkeypatch.setattr(answers.one_time_tokens, "count_answer", lambda token: 1)

    answer_each(asked, wrong_code(sealed))

    assert AuditEntry.objects.filter(action="auth.second_factor_failed").count() == AT_ONCE
