import pytest
from django.urls import reverse

from accounts.tests.factories import EmployeeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.req("AUTH-05")
def test_account_page_asks_strangers_to_sign_in(client):
    response = client.get("/account/")

    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/account/"


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize("factory", [UserFactory, EmployeeFactory])
def test_account_page_shows_its_owner(client, factory):
    user = factory(full_name="<b>Ada</b>")
    client.force_login(user)

    response = client.get("/account/")
    page = response.content.decode()

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert user.email in page
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert reverse("commerce:orders") in page
    assert (reverse("admin:index") in page) == user.is_staff


@pytest.mark.req("AUTH-11")
def test_account_page_leads_to_every_page_about_its_owner(client):
    client.force_login(UserFactory())

    page = client.get("/account/").content.decode()

    for name in (
        "profile",
        "addresses",
        "change-password",
        "change-email",
        "security",
        "sessions",
        "connections",
        "data",
        "delete",
    ):
        assert f'href="{reverse(f"accounts:{name}")}"' in page


@pytest.mark.req("AUTH-12")
def test_profile_changes_the_name(client):
    user = UserFactory(full_name="Ada")
    client.force_login(user)
    page = client.get("/account/profile/").text
    assert 'value="Ada"' in page
    assert user.email in page
    assert reverse("accounts:change-email") in page

    answer = client.post("/account/profile/", {"full_name": " Ada   King ", "role": "ADMIN"})

    assert (answer.status_code, answer["Location"]) == (303, "/account/")
    user.refresh_from_db()
    assert (user.full_name, user.role) == ("Ada King", "CUSTOMER")


@pytest.mark.req("AUTH-12")
@pytest.mark.parametrize("name", ["bell\x07", "x" * 151])
def test_profile_refuses_odd_names_and_keeps_the_old_one(client, name):
    user = UserFactory(full_name="Ada")
    client.force_login(user)

    answer = client.post("/account/profile/", {"full_name": name})

    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    user.refresh_from_db()
    assert user.full_name == "Ada"


@pytest.mark.req("AUTH-05")
def test_profile_asks_strangers_to_sign_in(client):
    answer = client.get("/account/profile/")

    assert (answer.status_code, answer["Location"]) == (
        302,
        "/account/login/?next=/account/profile/",
    )
