"""Moving to another address, in the browser."""

import pytest
from django.test import Client

from accounts.enums import TokenPurpose
from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.letterbox import deliver, link_in, secret_for

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07")]
ASK = "/account/email/"
BODY = {"email": "new@example.com", "password": PASSWORD}


@pytest.fixture
def reader(client):
    """Somebody signed in with `client`."""
    user = UserFactory(email="old@example.com")
    client.post("/account/login/", {"email": user.email, "password": PASSWORD})
    return user


def test_a_reader_moves_to_another_address(client, reader):
    other = Client()
    other.force_login(reader)
    asked = client.post(ASK, BODY)
    assert (asked.status_code, asked["Location"]) == (303, "/account/")
    link = link_in(deliver()[0])

    page = client.get(link).content.decode()
    assert "old@example.com" in page
    assert "new@example.com" in page
    assert User.objects.get().email == "old@example.com"
    done = client.post(link)

    assert (done.status_code, done["Location"]) == (303, "/account/")
    assert "new@example.com" in client.get("/account/").content.decode()
    assert other.get("/account/").status_code == 302
    assert client.post(link).status_code == 400


def test_a_link_opened_elsewhere_asks_to_sign_in_first(client, reader):
    client.post(ASK, BODY)
    link = link_in(deliver()[0])
    phone = Client()

    asked = phone.get(link)
    assert asked.status_code == 302
    body = {"email": reader.email, "password": PASSWORD, "next": link}
    assert phone.post("/account/login/", body)["Location"] == link
    assert phone.post(link).status_code == 303
    assert User.objects.get().email == "new@example.com"


@pytest.mark.req("AUTH-09")
def test_somebody_elses_link_is_no_link(client, reader):
    stranger = UserFactory()
    link = f"/account/email/{secret_for(stranger, TokenPurpose.CHANGE_EMAIL, email='x@x.org')}/"

    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 400
        assert "x@x.org" not in answer.content.decode()
    assert not User.objects.filter(email="x@x.org").exists()


def test_an_address_that_has_an_account_gets_the_same_answer(client, reader):
    UserFactory(email="known@example.com")
    seen = []
    for email in ("known@example.com", "fresh@example.com"):
        answer = client.post(ASK, BODY | {"email": email})
        page = client.get(answer["Location"])
        seen.append((answer.status_code, answer["Location"], page.content.decode().count("link")))

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong"}, "This is not your current password."),
        ({"password": ""}, "Enter your password."),
        ({"email": ""}, "Enter the new address."),
        ({"email": "no-address"}, "valid email"),
        ({"email": "OLD@example.com"}, "This is your address already."),
    ],
)
def test_a_request_that_is_refused_sends_nothing(client, reader, change, says):
    page = client.post(ASK, BODY | change)

    assert page.status_code == 422
    assert says in page.content.decode()
    assert deliver() == []
