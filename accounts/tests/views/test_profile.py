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
