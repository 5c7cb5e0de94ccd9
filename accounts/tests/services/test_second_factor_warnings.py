"""Who guesses at codes had a first proof: their owner hears of it, whatever strangers do."""

import pytest

from accounts.enums import Proof
from accounts.errors import CodeWrong, InvalidCredentials, SecondFactorRequired
from accounts.services import second_factor_answers, sign_in
from accounts.tests.factories import UserFactory
from accounts.tests.letterbox import letters_posted
from accounts.tests.second_factors import give_app, wrong_code
from core.errors import RateLimited

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.req("AUTH-08", "AUTH-10"),
    pytest.mark.usefixtures("rate_limits"),
]
PLACES = [f"203.0.113.{number}" for number in range(sign_in.BY_ACCOUNT.attempts + 1)]


def guess_password(user):
    for place in PLACES:
        with pytest.raises((InvalidCredentials, RateLimited)):
            sign_in.check_credentials(email=user.email, password="wrong", address=place)


def guess_code(user, sealed):
    with pytest.raises(SecondFactorRequired) as asked:
        sign_in.admit(user=user, proof=Proof.PASSWORD)
    for place in PLACES[: second_factor_answers.MOST_ANSWERS]:
        with pytest.raises(CodeWrong):
            second_factor_answers.answer_with_code(
                challenge=asked.value.data["challenge"], code=wrong_code(sealed), address=place
            )


def test_guesses_at_the_password_do_not_use_up_the_letter_about_codes():
    user = UserFactory()
    sealed = give_app(user)

    guess_password(user)
    guess_code(user, sealed)

    told = [letter for letter, _user_id in letters_posted()]
    assert told == ["second_factor_changed", "sign_in_blocked", "codes_guessed"]


def test_letter_about_codes_comes_once_an_hour():
    user = UserFactory()
    sealed = give_app(user)

    for _ in range(2):
        guess_code(user, sealed)

    told = [letter for letter, _user_id in letters_posted()]
    assert told == ["second_factor_changed", "codes_guessed"]
