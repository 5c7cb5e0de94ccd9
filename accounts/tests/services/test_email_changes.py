"""Another address: asked for with the password, confirmed by who asked (PROOFS T054)."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import TokenPurpose
from accounts.errors import LinkInvalid, TokenInvalid, WrongPassword
from accounts.models import OneTimeToken, User
from accounts.services import (
    data_export,
    email_changes,
    one_time_tokens,
    passwords,
    registration,
    tokens,
)
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import deliver, letters_posted, secret_for, secret_in
from core.errors import Invalid, RateLimited
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
NEW = "new@example.com"
ADDRESS = "203.0.113.9"
CHANGE = TokenPurpose.CHANGE_EMAIL


def ask(user, email=NEW, password=PASSWORD):
    email_changes.ask_for_change(user=user, password=password, email=email)


def confirm(secret, user):
    return email_changes.confirm_change(secret=secret, user=user)


def test_a_change_is_asked_for_confirmed_and_told_to_both_addresses():
    user = UserFactory(email="old@example.com")
    browser = Client()
    browser.force_login(user)
    pair = tokens.issue_pair(user=user)

    ask(user, " NEW@example.com")

    assert User.objects.get().email == "old@example.com"
    link, notice = deliver()
    assert (link.to, notice.to) == ([NEW], ["old@example.com"])
    assert secret_in(link) not in notice.message().as_string()
    assert NEW not in notice.message().as_string()

    changed = confirm(secret_in(link), user)

    assert (changed.email, changed.is_verified) == (NEW, True)
    assert changed.check_password(PASSWORD)
    assert browser.get("/account/").status_code == 302
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    (told,) = deliver()
    assert told.to == ["old@example.com"]
    assert NEW not in told.message().as_string()
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["auth.email_change_asked", "auth.email_changed"]
    assert "@" not in str(list(AuditEntry.objects.values()))


def test_ask_for_change_refuses_who_does_not_know_the_password():
    user = UserFactory()
    with pytest.raises(WrongPassword):
        ask(user, password="wrong")
    assert letters_posted() == []


@pytest.mark.parametrize("odd", ["", "no-address", "a" * 300 + "@example.com", "k\u212a@x.org"])
def test_ask_for_change_refuses_what_is_no_address(odd):
    with pytest.raises(Invalid):
        ask(UserFactory(), odd)
    assert letters_posted() == []


def test_ask_for_change_refuses_the_address_of_now():
    user = UserFactory()
    with pytest.raises(Invalid):
        ask(user, user.email.upper())
    assert letters_posted() == []


def test_an_address_that_has_an_account_gets_no_mail_and_no_other_answer():
    user = UserFactory()
    UserFactory(email="known@example.com")

    def statements(email):
        with CaptureQueriesContext(connection) as queries:
            ask(user, email)
        sqls = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        return [" ".join(sql.split()[:3]) for sql in sqls]

    assert statements("known@example.com") == statements("fresh@example.com")
    assert [message.to for message in deliver()] == [
        [user.email],
        ["fresh@example.com"],
        [user.email],
    ]


def test_an_export_does_not_tell_whether_an_address_has_an_account():
    user = UserFactory()
    UserFactory(email="known@example.com")

    def links_after_asking_for(email):
        ask(user, email)
        document = json.loads(data_export.export_person(user=user).content)
        newest = document["data"]["links"][-2:]
        return [(link["purpose"], link["email"] == email, link["used_at"]) for link in newest]

    fresh = links_after_asking_for("fresh@example.com")
    assert fresh == [("CHANGE_EMAIL", True, None), ("NOTICE", False, None)]
    assert links_after_asking_for("known@example.com") == fresh


def test_a_link_to_a_known_address_would_not_move_the_account():
    user = UserFactory()
    UserFactory(email="known@example.com")
    ask(user, "known@example.com")
    never_sent = OneTimeToken.objects.get(purpose=CHANGE)

    with pytest.raises(LinkInvalid):
        confirm(one_time_tokens.secret_of(never_sent), user)


def test_a_change_dies_with_the_next_request():
    user = UserFactory()
    ask(user, "first@example.com")
    first = secret_in(deliver()[0])
    ask(user, "second@example.com")
    second = secret_in(deliver()[0])

    with pytest.raises(LinkInvalid):
        confirm(first, user)
    assert confirm(second, user).email == "second@example.com"


@pytest.mark.parametrize("way", ["change", "reset"])
def test_a_change_dies_with_another_password(way):
    user = UserFactory()
    secret = secret_for(user, CHANGE, email=NEW)
    if way == "change":
        passwords.change_password(
            user=user, current_password=PASSWORD, new_password="another long phrase"
        )
    else:
        passwords.reset_password(
            secret=secret_for(user, TokenPurpose.RESET_PASSWORD),
            new_password="another long phrase",
            address=ADDRESS,
        )

    with pytest.raises(LinkInvalid):
        confirm(secret, User.objects.get())
    assert User.objects.get().email == user.email


def test_the_new_mailboxs_owner_cannot_be_talked_into_a_strangers_account():
    """The attacker asks for the victim's address; the victim opens the link, signed in or not."""
    attacker, victim = UserFactory(), UserFactory()
    secret = secret_for(attacker, CHANGE, email="victims-other@example.com")

    with pytest.raises(LinkInvalid):
        confirm(secret, victim)
    with pytest.raises(LinkInvalid):
        email_changes.address_to_confirm(secret=secret, user=victim)
    assert User.objects.filter(email="victims-other@example.com").count() == 0
    assert confirm(secret, attacker)  # nothing was spent by trying


def test_an_address_taken_meanwhile_is_not_taken_away():
    user = UserFactory()
    secret = secret_for(user, CHANGE, email=NEW)
    registration.register_user(email=NEW, password="a long enough phrase", address=ADDRESS)

    with pytest.raises(LinkInvalid):
        confirm(secret, user)
    user.refresh_from_db()
    assert user.email != NEW
    assert user.token_version == 0


def test_a_change_confirms_an_address_that_never_was_and_drops_what_was_before():
    user = UserFactory(email="victim@example.com", is_verified=False)
    pending = secret_for(user, TokenPurpose.RESET_PASSWORD)

    changed = confirm(secret_for(user, CHANGE, email=NEW), user)

    assert changed.is_verified
    with pytest.raises(LinkInvalid):
        passwords.reset_password(
            secret=pending, new_password="another long phrase", address=ADDRESS
        )
    assert [message.to for message in deliver()] == [[NEW]]  # the welcome; no notice to strangers


@pytest.mark.req("AUTH-08")
def test_notices_of_changes_are_few(rate_limits):
    user = UserFactory()
    for number in range(email_changes.REQUESTS.attempts):
        ask(user, f"new{number}@example.com")

    with pytest.raises(RateLimited):
        ask(user)
    # The links of all but the last request are over before they are sent.
    assert [m.to for m in deliver()].count([user.email]) == email_changes.REQUESTS.attempts == 5


@pytest.mark.req("AUTH-08")
def test_a_mailbox_that_many_accounts_ask_for_gets_two_mails(rate_limits):
    for _ in range(4):  # each account once
        ask(UserFactory(), "victim@example.com")

    assert [m.to for m in deliver()].count(["victim@example.com"]) == 2
