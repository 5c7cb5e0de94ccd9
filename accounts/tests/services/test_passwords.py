"""Changing and resetting passwords: AUTH-04, AUTH-07; attacks 2 to 4 of PROOFS T054."""

import pytest
from django.test import Client

from accounts.enums import Letter, TokenPurpose
from accounts.errors import InvalidCredentials, LinkInvalid, TokenInvalid, WrongPassword
from accounts.models import RefreshFamily, User
from accounts.services import email_changes, passwords, sign_in, tokens
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import letters_posted, secret_for
from core.errors import Invalid, RateLimited, Unavailable
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
NEW = "quite another phrase"
ADDRESS = "203.0.113.9"
RESET = TokenPurpose.RESET_PASSWORD


def change(user, current=PASSWORD, new=NEW):
    return passwords.change_password(user=user, current_password=current, new_password=new)


def reset(secret, new=NEW):
    return passwords.reset_password(secret=secret, new_password=new, address=ADDRESS)


def sign_in_with(user, password):
    return sign_in.check_credentials(email=user.email, password=password, address=ADDRESS)


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


@pytest.mark.req("AUTH-04")
def test_change_password_ends_everything_else():
    user = UserFactory()
    browser = Client()
    browser.force_login(user)
    pair = tokens.issue_pair(user=user)
    pending = [secret_for(user, purpose) for purpose in TokenPurpose]

    changed = change(user)

    assert changed.check_password(NEW)
    assert browser.get("/account/").status_code == 302
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    for purpose, secret in zip(TokenPurpose, pending, strict=True):
        with pytest.raises(LinkInvalid):
            passwords.one_time_tokens.look_at(secret, purpose)
    assert letters_posted() == [(Letter.PASSWORD_CHANGED, str(user.pk))]
    assert actions() == ["auth.password_changed"]
    assert sign_in_with(user, NEW) == user
    with pytest.raises(InvalidCredentials):
        sign_in_with(user, PASSWORD)


@pytest.mark.req("AUTH-04")
def test_exchange_change_returns_a_pair_that_lives():
    user = UserFactory()
    old = tokens.issue_pair(user=user)

    pair = passwords.exchange_change(
        user=user, current_password=PASSWORD, new_password=NEW, device="App"
    )

    assert tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    assert RefreshFamily.objects.filter(revoked_at=None).count() == 1
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=old.refresh, address=ADDRESS)


@pytest.mark.req("AUTH-13")
@pytest.mark.parametrize("wrong", ["", "wrong", PASSWORD + " ", PASSWORD.upper()])
def test_change_password_refuses_who_does_not_know_it(wrong):
    user = UserFactory()
    with pytest.raises(WrongPassword):
        change(user, current=wrong)

    assert_nothing_happened(user, audited=["auth.confirmation_failed"])


def test_change_password_refuses_accounts_without_one():
    user = UserFactory(password=None)
    user.set_unusable_password()
    user.save()

    with pytest.raises(WrongPassword):
        change(user)


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890", "x" * 129, "reader@x.org"])
def test_new_passwords_are_judged(weak):
    user = UserFactory(email="reader@x.org")
    secret = secret_for(user, RESET)

    for attempt in (lambda: change(user, new=weak), lambda: reset(secret, weak)):
        with pytest.raises(Invalid) as refusal:
            attempt()
        assert list(refusal.value.data["fields"]) == ["new_password"]

    assert_nothing_happened(user)
    assert reset(secret).check_password(NEW)  # the link lives on


def test_change_password_loses_to_a_quicker_one():
    """Both knew the password when they asked; the second must not undo the first."""
    user = UserFactory()
    slower = User.objects.get()
    change(user)

    with pytest.raises(WrongPassword):
        change(slower, new="a third phrase here")
    assert User.objects.get().check_password(NEW)


def test_the_current_password_cannot_be_tried_at_will(rate_limits):
    user = UserFactory()
    for _ in range(passwords.PROOFS_AGAIN.attempts):
        with pytest.raises(WrongPassword):
            passwords.check_current(user=user, password="wrong")

    with pytest.raises(RateLimited):
        passwords.check_current(user=user, password=PASSWORD)


@pytest.mark.req("AUTH-04")
def test_reset_password_ends_everything_and_confirms_the_address():
    user = UserFactory()
    browser = Client()
    browser.force_login(user)
    pair = tokens.issue_pair(user=user)
    secret, other = secret_for(user, RESET), secret_for(user, RESET)
    pending = secret_for(user, TokenPurpose.CHANGE_EMAIL, email="other@example.com")

    reset(secret)

    assert sign_in_with(user, NEW) == user
    assert browser.get("/account/").status_code == 302
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    for dead in (secret, other):
        with pytest.raises(LinkInvalid):
            reset(dead, "a third phrase here")
    with pytest.raises(LinkInvalid):
        email_changes.confirm_change(secret=pending, user=User.objects.get())
    assert letters_posted() == [(Letter.PASSWORD_CHANGED, str(user.pk))]
    assert actions() == ["auth.password_reset", "auth.login_succeeded"]


def test_reset_password_takes_an_account_from_who_made_it_with_a_strangers_address():
    squatter = UserFactory(email="victim@example.com", is_verified=False)
    pair = tokens.issue_pair(user=squatter)
    stolen = secret_for(squatter, TokenPurpose.CHANGE_EMAIL, email="attacker@example.com")

    owner = reset(secret_for(squatter, RESET))

    assert owner.is_verified
    assert sign_in_with(owner, NEW) == owner
    with pytest.raises(InvalidCredentials):
        sign_in_with(owner, PASSWORD)
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    with pytest.raises(LinkInvalid):
        email_changes.confirm_change(secret=stolen, user=User.objects.get())
    assert [letter for letter, _ in letters_posted()] == [Letter.WELCOME, Letter.PASSWORD_CHANGED]


@pytest.mark.parametrize(
    "spoil",
    [
        {"email": "moved@example.com"},
        {"is_active": False},
    ],
)
def test_reset_password_refuses_links_of_before(spoil):
    user = UserFactory()
    secret = secret_for(user, RESET)
    User.objects.update(**spoil)

    with pytest.raises(LinkInvalid):
        reset(secret)
    assert_nothing_happened(user)


@pytest.mark.parametrize("purpose", sorted(set(TokenPurpose) - {RESET}))
def test_reset_password_refuses_links_for_something_else(purpose):
    user = UserFactory()

    with pytest.raises(LinkInvalid):
        reset(secret_for(user, purpose))
    assert_nothing_happened(user)


def test_a_locked_out_owner_gets_in_with_the_new_password(rate_limits):
    user = UserFactory()
    for number in range(sign_in.BY_ACCOUNT.attempts + 1):
        with pytest.raises((InvalidCredentials, RateLimited)):
            sign_in.check_credentials(
                email=user.email, password="guess", address=f"203.0.113.{number}"
            )
    with pytest.raises(RateLimited):
        sign_in_with(user, PASSWORD)

    reset(secret_for(user, RESET))

    assert sign_in_with(user, NEW) == user


def test_ask_for_reset_mails_accounts_that_are_active():
    user = UserFactory(is_verified=False)
    gone = UserFactory(is_active=False)

    for email in (f" {user.email.upper()} ", gone.email, "nobody@example.com"):
        passwords.ask_for_reset(email=email, address=ADDRESS)

    assert letters_posted() == [
        (Letter.RESET_PASSWORD, str(user.pk)),
        (Letter.RESET_PASSWORD, None),
        (Letter.RESET_PASSWORD, None),
    ]
    assert [(entry.action, entry.entity_id) for entry in AuditEntry.objects.order_by("id")] == [
        ("auth.link_asked", str(user.pk)),
        ("auth.link_asked", str(gone.pk)),
        ("auth.link_asked", "unknown"),
    ]
    assert "@" not in str(list(AuditEntry.objects.values()))


@pytest.mark.req("AUTH-08")
def test_a_mailbox_gets_three_links_an_hour_from_any_number_of_strangers(rate_limits):
    user = UserFactory()
    for number in range(40):
        passwords.ask_for_reset(email=user.email, address=f"203.0.113.{number}")

    mailed = [user_id for _, user_id in letters_posted() if user_id]
    assert mailed == [str(user.pk)] * 3
    assert len(letters_posted()) == 40


@pytest.mark.req("AUTH-08")
def test_one_client_asks_for_few_links(rate_limits):
    for number in range(20):
        passwords.ask_for_reset(email=f"reader{number}@example.com", address=ADDRESS)

    with pytest.raises(RateLimited):
        passwords.ask_for_reset(email="one-more@example.com", address=ADDRESS)
    assert len(letters_posted()) == 20


@pytest.mark.req("AUTH-08")
def test_links_are_refused_while_nothing_can_be_counted(rate_limits, redis_is_down):
    user = UserFactory()
    for attempt in (
        lambda: passwords.ask_for_reset(email=user.email, address=ADDRESS),
        lambda: reset(secret_for(user, RESET)),
        lambda: change(user),
    ):
        with pytest.raises(Unavailable):
            attempt()
    assert_nothing_happened(user)


def assert_nothing_happened(user, audited=()):
    user.refresh_from_db()
    assert user.check_password(PASSWORD) or not user.has_usable_password()
    assert user.token_version == 0
    assert letters_posted() == []
    assert actions() == list(audited)
