"""One link, many hands at once, over real connections; and the same with the claim taken apart."""

from threading import Barrier

import pytest
from django.db.models import QuerySet

from accounts.enums import TokenPurpose
from accounts.errors import LinkInvalid
from accounts.models import OneTimeToken, User
from accounts.services import (
    email_changes,
    mailed_links,
    one_time_tokens,
    passwords,
    sign_in_links,
    verification,
)
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import letters_posted, secret_for
from core.models import AuditEntry
from tests.fixtures.at_once import all_at_once, count_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-07")]
AT_ONCE = 20
CALLS = 200


def reset(secret, number):
    return passwords.reset_password(
        secret=secret, new_password=f"a long enough phrase {number}", address="203.0.113.9"
    )


def test_of_two_hundred_resets_with_one_link_exactly_one_succeeds():
    secret = secret_for(UserFactory(), TokenPurpose.RESET_PASSWORD)

    endings = all_at_once(lambda number: reset(secret, number), AT_ONCE, CALLS)

    assert count_endings(endings) == {"done": 1, LinkInvalid.__name__: CALLS - 1}
    (winner,) = [number for number, (ending, _) in enumerate(endings) if ending == "done"]
    user = User.objects.get()
    assert user.check_password(f"a long enough phrase {winner}")
    assert user.token_version == 1
    assert len(letters_posted()) == 1
    assert AuditEntry.objects.count() == 1


def test_control_looking_before_claiming_lets_several_through(monkeypatch):
    """Without the lock, and with the claim in two statements: read, then write by key."""
    claim = QuerySet.update
    everyone_looked = Barrier(AT_ONCE)

    def look_then_write(queryset, **changes):
        if queryset.model is not OneTimeToken or not queryset.query.where.children[1:]:
            return claim(queryset, **changes)
        found = queryset.first()
        if found is None:
            return 0
        everyone_looked.wait(timeout=30)
        return claim(OneTimeToken.objects.filter(pk=found.pk), **changes)

    secret = secret_for(UserFactory(), TokenPurpose.RESET_PASSWORD)
    monkeypatch.setattr(mailed_links.locks, "lock_row", lambda queryset: queryset.first())
    monkeypatch.setattr(one_time_tokens, "drop_all_of", lambda *_: None)
    monkeypatch.setattr(QuerySet, "update", look_then_write)

    endings = all_at_once(lambda number: reset(secret, number), AT_ONCE)

    assert count_endings(endings)["done"] > 1


@pytest.mark.parametrize(
    ("purpose", "spend"),
    [
        (TokenPurpose.VERIFY_EMAIL, lambda secret, _user: verification.verify_email(secret=secret)),
        (TokenPurpose.SIGN_IN_LINK, lambda secret, _user: sign_in_links.sign_in_by(secret=secret)),
        (
            TokenPurpose.CHANGE_EMAIL,
            lambda secret, user: email_changes.confirm_change(secret=secret, user=user),
        ),
    ],
)
def test_every_other_link_is_good_for_one_of_many(purpose, spend):
    user = UserFactory(is_verified=False)
    secret = secret_for(user, purpose, email="new@example.com" if "CHANGE" in purpose else None)

    endings = all_at_once(lambda _: spend(secret, user), AT_ONCE)

    assert count_endings(endings) == {
        "done": 1,
        LinkInvalid.__name__: AT_ONCE - 1,
    }
    assert [letter for letter, _ in letters_posted()] == ["welcome"]


def test_different_links_of_one_user_at_once_meet_in_no_deadlock():
    """Each spends its own and drops the others: without the user's lock first they would cross."""
    user = UserFactory(is_verified=False)
    secrets = [secret_for(user, TokenPurpose.RESET_PASSWORD) for _ in range(AT_ONCE)]

    endings = all_at_once(lambda number: reset(secrets[number], number), AT_ONCE)

    assert count_endings(endings) == {
        "done": 1,
        LinkInvalid.__name__: AT_ONCE - 1,
    }


def test_of_many_password_changes_at_once_one_succeeds():
    user = UserFactory()

    def change(number):
        return passwords.change_password(
            user=User.objects.get(pk=user.pk),
            current_password=PASSWORD,
            new_password=f"a long enough phrase {number}",
        )

    endings = count_endings(all_at_once(change, AT_ONCE))

    assert endings["done"] == 1
    assert endings["WrongPassword"] == AT_ONCE - 1
    assert len(letters_posted()) == 1
