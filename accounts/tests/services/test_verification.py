"""Who owns the mailbox, and what ends when they come: PROOFS T054."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.base import UpdateError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import Letter, TokenPurpose
from accounts.errors import InvalidCredentials, LinkInvalid, TokenInvalid
from accounts.models import Address, BrowserSession, OneTimeToken, RefreshFamily, User
from accounts.selectors import users
from accounts.services import mailed_links, one_time_tokens, sign_in, tokens, verification
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import letters_posted, secret_for
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
ADDRESS = "203.0.113.9"


def possess(user, *, keeps_password=False):
    with transaction.atomic():
        return verification.take_possession(user=user, keeps_password=keeps_password)


@pytest.fixture
def squatted():
    """An account that somebody else made with a victim's address, and settled in."""
    user = UserFactory(
        email="victim@example.com", is_verified=False, second_factor_at=timezone.now()
    )
    user.browser = Client()
    user.browser.force_login(user)
    user.pair = tokens.issue_pair(user=user)
    user.links = {
        purpose: one_time_tokens.secret_of(
            one_time_tokens.issue(purpose, user=user, email=user.email)
        )
        for purpose in TokenPurpose
    }
    SocialAccount.objects.create(user=user, provider="google", uid="attacker")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


def test_verify_email_confirms_the_address_once_and_welcomes():
    user = UserFactory(is_verified=False)
    secret = secret_for(user)

    verified = verification.verify_email(secret=secret)

    assert (verified.pk, verified.is_verified) == (user.pk, True)
    assert User.objects.get().is_verified
    assert letters_posted() == [(Letter.WELCOME, str(user.pk))]
    assert [(entry.action, entry.actor_id) for entry in AuditEntry.objects.all()] == [
        ("auth.email_verified", user.pk)
    ]
    with pytest.raises(LinkInvalid):
        verification.verify_email(secret=secret)
    assert len(letters_posted()) == 1


def test_verify_email_keeps_the_password_and_what_the_person_is():
    user = UserFactory(is_verified=False, full_name="Ada")

    verification.verify_email(secret=secret_for(user))

    kept = sign_in.check_credentials(email=user.email, password=PASSWORD, address=ADDRESS)
    assert (kept.pk, kept.full_name, kept.role) == (user.pk, "Ada", user.role)


def test_a_second_link_of_a_verified_user_changes_nothing():
    user = UserFactory(is_verified=False)
    first, second = secret_for(user), secret_for(user)
    verification.verify_email(secret=first)
    pair = tokens.issue_pair(user=User.objects.get())

    with pytest.raises(LinkInvalid):
        verification.verify_email(secret=second)

    assert tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)


@pytest.mark.parametrize("keeps_password", [True, False])
def test_the_first_proof_drops_all_that_was_before(squatted, keeps_password):
    claims = tokens.read_access(squatted.pair.access)

    assert possess(squatted, keeps_password=keeps_password) is True

    assert squatted.is_verified
    assert (squatted.second_factor_at, squatted.token_version) == (None, 1)
    assert BrowserSession.objects.count() == 0
    assert squatted.browser.get("/account/").status_code == 302
    assert RefreshFamily.objects.get().revoked_because == verification.OWNER_CAME
    assert (
        users.user_signed_in_by(
            user_id=claims.user_id, family_id=claims.family_id, version=claims.version
        )
        is None
    )
    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=squatted.pair.refresh, address=ADDRESS)
    for purpose, secret in squatted.links.items():
        with pytest.raises(LinkInvalid):
            one_time_tokens.look_at(secret, purpose)
    assert SocialAccount.objects.count() == 0
    assert Authenticator.objects.count() == 0
    assert squatted.has_usable_password() is keeps_password


@pytest.mark.parametrize("keeps_password", [True, False])
def test_name_and_addresses_go_with_the_password(squatted, keeps_password):
    name = squatted.full_name
    Address.objects.create(
        user=squatted, recipient="Mallory", line1="1 Trap St", city="X", postcode="1", country="IL"
    )

    possess(squatted, keeps_password=keeps_password)

    assert squatted.full_name == (name if keeps_password else "")
    assert Address.objects.count() == int(keeps_password)


def test_a_password_that_a_stranger_chose_opens_nothing(squatted):
    possess(squatted, keeps_password=False)

    with pytest.raises(InvalidCredentials):
        sign_in.check_credentials(email=squatted.email, password=PASSWORD, address=ADDRESS)


def test_a_sign_in_under_way_is_dead_when_it_arrives(squatted):
    """The attacker's password was checked before, their tokens and session are made after."""
    stale = User.objects.get()
    late = Client()
    possess(squatted)

    pair = tokens.issue_pair(user=stale)
    late.force_login(stale)

    with pytest.raises(TokenInvalid):
        tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    assert late.get("/account/").status_code == 302


def test_a_session_that_was_open_cannot_save_itself_back(squatted):
    session = squatted.browser.session
    session["cart"] = "kept"
    possess(squatted)

    with pytest.raises(UpdateError):
        session.save()
    assert BrowserSession.objects.count() == 0


def test_later_proofs_drop_nothing():
    user = UserFactory(second_factor_at=timezone.now())
    SocialAccount.objects.create(user=user, provider="google", uid="own")
    pair = tokens.issue_pair(user=user)

    assert possess(user) is False

    assert user.second_factor_at is not None
    assert SocialAccount.objects.count() == 1
    assert user.check_password(PASSWORD)
    assert tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    assert letters_posted() == []
    assert AuditEntry.objects.count() == 0


def test_nothing_of_others_is_touched(squatted):
    other = UserFactory(is_verified=False)
    SocialAccount.objects.create(user=other, provider="google", uid="other")
    pair = tokens.issue_pair(user=other)
    link = secret_for(other)

    possess(squatted)

    assert tokens.refresh_pair(refresh=pair.refresh, address=ADDRESS)
    assert SocialAccount.objects.get().user_id == other.pk
    assert one_time_tokens.look_at(link, TokenPurpose.VERIFY_EMAIL)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda user, token: User.objects.update(email="moved@example.com"),
        lambda user, token: User.objects.update(is_active=False),
        lambda user, token: OneTimeToken.objects.update(
            expires_at=timezone.now() - dt.timedelta(seconds=1)
        ),
        lambda user, token: OneTimeToken.objects.update(used_at=timezone.now()),
        lambda user, token: OneTimeToken.objects.update(purpose=TokenPurpose.SIGN_IN_LINK),
        lambda user, token: OneTimeToken.objects.update(user=None),
        lambda user, token: user.delete(),
    ],
)
def test_a_link_that_is_no_longer_good_verifies_nothing(spoil):
    user = UserFactory(is_verified=False)
    secret = secret_for(user)
    spoil(user, OneTimeToken.objects.get())

    with pytest.raises(LinkInvalid):
        verification.verify_email(secret=secret)

    assert not User.objects.filter(is_verified=True).exists()
    assert letters_posted() == []


@pytest.mark.parametrize("odd", ["", ".", "x", "a.b", "é" * 80, "A" * 10_000, "\x00"])
def test_what_is_no_link_of_ours_verifies_nothing(odd):
    UserFactory(is_verified=False)

    with pytest.raises(LinkInvalid):
        verification.verify_email(secret=odd)


@pytest.mark.parametrize("purpose", [TokenPurpose.RESET_PASSWORD, TokenPurpose.SIGN_IN_LINK])
def test_a_link_for_something_else_verifies_nothing(purpose):
    user = UserFactory(is_verified=False)
    other = one_time_tokens.issue(purpose, user=user, email=user.email)

    with pytest.raises(LinkInvalid):
        verification.verify_email(secret=one_time_tokens.secret_of(other))


def test_ask_for_link_mails_unverified_accounts_only():
    waiting = UserFactory(is_verified=False)
    verified = UserFactory()
    gone = UserFactory(is_verified=False, is_active=False)

    for email in (waiting.email.upper(), verified.email, gone.email, "nobody@example.com"):
        verification.ask_for_link(email=email, address=ADDRESS)

    assert letters_posted() == [
        (Letter.VERIFY_EMAIL, str(waiting.pk)),
        *[(Letter.VERIFY_EMAIL, None)] * 3,
    ]
    assert list(OneTimeToken.objects.order_by("id").values_list("user", "email")) == [
        (waiting.pk, waiting.email),
        *[(None, "")] * 3,
    ]


def test_a_mailbox_gets_few_mails_an_hour_and_one_is_kept_for_the_password(rate_limits):
    user = UserFactory(is_verified=False)

    for number in range(5):
        verification.ask_for_link(email=user.email, address=f"203.0.113.{number}")
    assert letters_posted().count((Letter.VERIFY_EMAIL, str(user.pk))) == 2
    for number in range(5):
        mailed_links.ask_for(
            TokenPurpose.RESET_PASSWORD, email=user.email, address=f"203.0.113.{number}"
        )
    mailed = [letter for letter, user_id in letters_posted() if user_id]
    assert mailed == [Letter.VERIFY_EMAIL, Letter.VERIFY_EMAIL, Letter.RESET_PASSWORD]
    assert len(letters_posted()) == 10
