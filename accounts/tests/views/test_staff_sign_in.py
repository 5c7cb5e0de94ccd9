"""The admin site has no sign-in of its own."""

import pytest

from accounts.tests.factories import PASSWORD, AdminFactory, EmployeeFactory, UserFactory
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.mark.req("AUTH-05")
@pytest.mark.parametrize("method", ["get", "post"])
def test_admin_sign_in_is_the_shops_own(client, method):
    admin = AdminFactory()

    response = getattr(client, method)(
        "/admin/login/?next=/admin/accounts/user/", {"username": admin.email, "password": PASSWORD}
    )

    assert response.status_code == 303
    assert response["Location"].startswith("/account/login/?next=%2Fadmin%2F")
    assert "_auth_user_id" not in client.session
    assert AuditEntry.objects.count() == 0


@pytest.mark.req("AUTH-05")
def test_staff_get_to_the_admin_through_the_shops_sign_in(client):
    EmployeeFactory(email="ada@example.com")

    door = client.get("/admin/", follow=True)
    assert door.request["PATH_INFO"] == "/account/login/"
    response = client.post(
        "/account/login/",
        {"email": "ada@example.com", "password": PASSWORD, "next": door.context["next"]},
        follow=True,
    )

    assert response.status_code == 200
    assert response.request["PATH_INFO"] == "/admin/"


@pytest.mark.req("AUTH-05")
def test_readers_at_the_admin_are_403_and_do_not_go_in_circles(client):
    client.force_login(UserFactory())

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
