"""Every letter: written, addressed, and to nobody who should not get it (PROOFS T080, T087)."""

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.enums import Letter, TokenPurpose
from accounts.models import OneTimeToken, User
from accounts.services import letters, one_time_tokens
from accounts.tests.factories import UserFactory
from accounts.tests.letterbox import deliver, letters_posted, link_in
from core.models import MailDelivery

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
WITH_LINK = {
    Letter.VERIFY_EMAIL: TokenPurpose.VERIFY_EMAIL,
    Letter.RESET_PASSWORD: TokenPurpose.RESET_PASSWORD,
    Letter.CONFIRM_NEW_EMAIL: TokenPurpose.CHANGE_EMAIL,
    Letter.SIGN_IN_LINK: TokenPurpose.SIGN_IN_LINK,
}


def post(letter, user, email="token@example.com"):
    purpose = WITH_LINK.get(letter, TokenPurpose.NOTICE)
    token = one_time_tokens.issue(purpose, user=user, email=email)
    letters.post(letter, user=user, token=token)
    return token


@pytest.mark.parametrize("letter", Letter)
def test_each_letter_is_written_as_text_and_html(letter):
    user = UserFactory(full_name="Ada <b>Lovelace</b>")
    token = post(letter, user)

    (message,) = deliver()

    assert message.to == ["token@example.com"]
    assert "Folio & Leaf" in message.subject
    assert "\n" not in message.subject
    assert message.body.startswith("Dear Ada <b>Lovelace</b>,\n\n")
    assert message.body.endswith("-- \nFolio & Leaf\nhttp://shop.test\n")
    ((page, kind),) = [(each.content, each.mimetype) for each in message.alternatives]
    assert kind == "text/html"
    assert "Dear Ada &lt;b&gt;Lovelace&lt;/b&gt;," in page
    assert "&lt;b&gt;" not in message.body + message.subject
    for text in (message.body, page):
        assert "{" not in text
        assert "http" not in text.replace("http://shop.test", "")
    if letter in WITH_LINK:
        assert link_in(message).endswith(f"/{one_time_tokens.secret_of(token)}/")
        assert page.count(f"http://shop.test{link_in(message)}") == 3


@pytest.mark.parametrize("letter", Letter)
def test_links_of_letters_lead_to_pages_of_the_shop(letter, client):
    user = UserFactory()
    client.force_login(user)
    post(letter, user)

    (message,) = deliver()

    links = [word for word in message.body.split() if word.startswith("http://shop.test/")]
    for link in links:
        answer = client.get(link.removeprefix("http://shop.test"))
        assert answer.status_code in {200, 302, 303}, link
    assert links or letter == Letter.EMAIL_CHANGED


@pytest.mark.parametrize(
    "letter",
    [
        Letter.VERIFY_EMAIL,
        Letter.KNOWN_ADDRESS,
        Letter.RESET_PASSWORD,
        Letter.SIGN_IN_LINK,
        Letter.CONFIRM_NEW_EMAIL,
    ],
)
def test_a_name_that_a_stranger_may_have_written_is_in_no_letter(letter):
    user = UserFactory(full_name="WIN at casino.example", is_verified=False)
    post(letter, user)

    (message,) = deliver()

    assert message.body.startswith("Good day,\n\n")
    assert "casino" not in message.message().as_string()


@pytest.mark.parametrize(
    "letter",
    sorted(set(Letter) - letters._FOR_ANYBODY),
)
def test_notices_go_to_confirmed_addresses_only(letter):
    letters.post(letter, user=UserFactory(is_verified=False))

    assert deliver() == []


def test_a_notice_without_token_goes_to_the_address_of_then():
    user = UserFactory()
    letters.post(Letter.WELCOME, user=user)
    User.objects.update(email="moved@example.com")

    (message,) = deliver()

    assert message.to == ["moved@example.com"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda user: User.objects.update(is_active=False),
        lambda user: user.delete(),
        lambda user: OneTimeToken.objects.all().delete(),
        lambda user: OneTimeToken.objects.update(used_at=timezone.now()),
        lambda user: OneTimeToken.objects.update(expires_at=timezone.now() - dt.timedelta(1)),
    ],
)
def test_nothing_is_sent_for_what_is_over(spoil):
    user = UserFactory()
    post(Letter.RESET_PASSWORD, user)
    spoil(user)

    assert deliver() == []
    assert MailDelivery.objects.get().sent_at


def test_a_decoy_is_a_job_that_mails_nobody():
    token = one_time_tokens.issue(TokenPurpose.RESET_PASSWORD, user=None)
    letters.post(Letter.RESET_PASSWORD, user=None, token=token)

    assert letters_posted() == [(Letter.RESET_PASSWORD, None)]
    assert deliver() == []


def test_a_job_done_twice_mails_once():
    letters.post(Letter.WELCOME, user=UserFactory())

    assert len(deliver()) == 1
    assert deliver() == []
    assert len(mail.outbox) == 1


def test_two_notices_of_the_same_kind_are_two_mails():
    user = UserFactory()
    letters.post(Letter.PASSWORD_CHANGED, user=user)
    letters.post(Letter.PASSWORD_CHANGED, user=user)

    assert len(deliver()) == 2


@pytest.mark.req("BASE-05")
def test_a_letter_exists_if_and_only_if_its_change_committed():
    user = UserFactory()

    with transaction.atomic():
        post(Letter.RESET_PASSWORD, user)
        assert len(letters_posted()) == 1
        transaction.set_rollback(True)

    assert letters_posted() == []
    assert OneTimeToken.objects.count() == 0
    post(Letter.RESET_PASSWORD, user)
    assert len(letters_posted()) == 1


def test_a_job_holds_ids_only():
    user = UserFactory(email="canary@example.com", full_name="Canary")
    token = post(Letter.VERIFY_EMAIL, user, email="canary@example.com")

    from procrastinate.contrib.django.models import ProcrastinateJob

    args = str(ProcrastinateJob.objects.get().args).lower()
    assert "canary" not in args
    assert one_time_tokens.secret_of(token).lower() not in args
