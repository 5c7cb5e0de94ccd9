"""Another password, in the browser."""

import pytest
from django.test import Client

from accounts.enums import TokenPurpose
from accounts.models import OneTimeToken, User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import deliver, link_in, secret_for

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
CHANGE = "/account/password/"
CHOOSE = "/account/reset/new-password/"
NEW = "quite another phrase"


@pytest.fixture
def reader(client):
    """Somebody signed in with `client`."""
    user = UserFactory(email="ada@example.com")
    client.post("/account/login/", {"email": user.email, "password": PASSWORD})
    return user


def test_a_forgetful_reader_gets_a_mail_and_a_password(client):
    user = UserFactory(email="ada@example.com")
    client.post("/account/reset/", {"email": "Ada@Example.com"})
    (mail,) = deliver()
    assert mail.to == ["ada@example.com"]

    moved = client.get(link_in(mail))
    assert (moved.status_code, moved["Location"]) == (302, CHOOSE)
    page = client.get(CHOOSE).content.decode()
    assert 'autocomplete="new-password"' in page
    assert OneTimeToken.objects.filter(used_at=None).count() == 1
    done = client.post(CHOOSE, {"new_password": NEW})

    assert (done.status_code, done["Location"]) == (303, "/account/login/")
    assert "Your new password is stored" in client.get("/account/login/").content.decode()
    assert User.objects.get().check_password(NEW)
    assert [message.to for message in deliver()] == [[user.email]]
    assert client.post(CHOOSE, {"new_password": "a third phrase here"}).status_code == 400
    signed_in = client.post("/account/login/", {"email": user.email, "password": NEW})
    assert signed_in.status_code == 303


@pytest.mark.req("AUTH-04")
def test_a_reset_signs_this_browser_out_as_well(client, reader):
    other = Client()
    other.force_login(reader)
    client.get(f"/account/reset/{secret_for(reader, TokenPurpose.RESET_PASSWORD)}/")

    assert client.post(CHOOSE, {"new_password": NEW})["Location"] == "/account/login/"

    for browser in (client, other):
        assert browser.get("/account/").status_code == 302
    assert "Your new password is stored" in client.get("/account/login/").content.decode()


def test_a_weak_password_is_refused_and_the_link_lives_on(client):
    user = UserFactory()
    client.get(f"/account/reset/{secret_for(user, TokenPurpose.RESET_PASSWORD)}/")

    refused = client.post(CHOOSE, {"new_password": "short"})

    assert refused.status_code == 422
    assert 'href="#id_new_password"' in refused.content.decode()
    assert client.post(CHOOSE, {"new_password": NEW}).status_code == 303


def test_the_secret_stands_on_no_page(client):
    user = UserFactory()
    secret = secret_for(user, TokenPurpose.RESET_PASSWORD)
    moved = client.get(f"/account/reset/{secret}/")
    page = client.get(CHOOSE)

    for answer in (moved, page):
        assert secret not in answer.content.decode()
        assert secret not in str(answer.headers)
        assert secret not in str(answer.cookies)


@pytest.mark.parametrize("purpose", [TokenPurpose.VERIFY_EMAIL, TokenPurpose.SIGN_IN_LINK])
def test_links_for_something_else_choose_no_password(client, purpose):
    page = client.get(f"/account/reset/{secret_for(UserFactory(), purpose)}/")

    assert page.status_code == 400
    assert 'action="/account/reset/"' in page.content.decode()
    assert client.get(CHOOSE).status_code == 400
    assert client.post(CHOOSE, {"new_password": NEW}).status_code == 400
    assert not User.objects.get().check_password(NEW)


@pytest.mark.req("AUTH-04")
def test_changing_the_password_keeps_this_browser_and_no_other(client, reader):
    other = Client()
    other.force_login(reader)
    old_key = client.session.session_key

    done = client.post(CHANGE, {"current_password": PASSWORD, "new_password": NEW})

    assert (done.status_code, done["Location"]) == (303, "/account/")
    page = client.get("/account/")
    assert page.status_code == 200
    assert "Your password is changed" in page.content.decode()
    assert client.session.session_key != old_key
    assert other.get("/account/").status_code == 302
    assert User.objects.get().check_password(NEW)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"current_password": "wrong"}, "This is not your current password."),
        ({"current_password": ""}, "Enter your current password."),
        ({"new_password": "short"}, "too short"),
        ({"new_password": ""}, "Choose a password."),
        ({"new_password": "x" * 129}, "at most 128"),
    ],
)
def test_a_change_that_is_refused_changes_nothing(client, reader, change, says):
    body = {"current_password": PASSWORD, "new_password": NEW} | change
    page = client.post(CHANGE, body)

    assert page.status_code == 422
    assert says in page.content.decode()
    assert PASSWORD not in page.content.decode()
    assert User.objects.get().check_password(PASSWORD)
    assert client.get("/account/").status_code == 200


def test_the_page_lets_password_managers_in(client, reader):
    page = client.get(CHANGE)
    text = page.content.decode()

    assert "no-store" in page["Cache-Control"]
    assert 'autocomplete="current-password"' in text
    assert 'autocomplete="new-password"' in text
    assert f'autocomplete="username" value="{reader.email}"' in text


@pytest.mark.parametrize("path", [CHANGE, "/account/email/"])
def test_who_has_no_password_is_shown_the_way_to_one(client, path):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    text = client.get(path).content.decode()

    assert 'href="/account/reset/"' in text
    assert "current-password" not in text


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize("path", [CHANGE, "/account/email/", "/account/email/a.b/"])
def test_strangers_are_sent_to_sign_in(client, path):
    for answer in (client.get(path), client.post(path, {})):
        assert answer.status_code == 302
        assert answer["Location"] == f"/account/login/?next={path}"
