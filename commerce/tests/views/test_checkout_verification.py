"""Buying where the shop asks for a confirmed address, on pages and on the API."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD
from catalog.models import Inventory
from commerce.models import Order
from commerce.tests.factories import WarehouseFactory, stocked_book, user_with_cart

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-07", "COMM-02")]
ADDRESS = {
    "recipient": "Ada Reader",
    "line1": "12 Book Lane",
    "city": "Haifa",
    "postcode": "3303118",
}


@pytest.fixture
def newcomer(db, settings):
    """A reader with a full cart whose address is not confirmed, in a shop that asks for it."""
    settings.CHECKOUT_NEEDS_VERIFIED_EMAIL = True
    user = user_with_cart(stocked_book(WarehouseFactory(), 5))
    User.objects.filter(pk=user.pk).update(is_verified=False)
    return user


def pay(client):
    client.post(reverse("commerce:checkout"), ADDRESS | {"fulfilment": "DELIVERY"})
    data = {"payment_method": "tok_visa", "expected_total": "70.00"}
    return client.post(reverse("commerce:checkout-payment"), data)


def test_the_page_says_so_and_leads_to_another_link(client, newcomer):
    client.force_login(newcomer)

    refused = pay(client)

    assert refused.status_code == 403
    assert "Please confirm your e-mail address first" in refused.text
    assert f'href="{reverse("accounts:verification")}"' in refused.text
    assert Order.objects.count() == 0
    assert Inventory.objects.get().quantity == 5

    User.objects.update(is_verified=True)
    assert pay(client).status_code == 303


def test_the_api_says_so(api, newcomer):
    api.sign_in(newcomer.email, PASSWORD)
    body = {"fulfilment": "DELIVERY", "address": ADDRESS, "payment_method": "tok_visa"}

    refused = api.post("orders/checkout", body)

    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "EMAIL_NOT_VERIFIED"
    assert Order.objects.count() == 0
    User.objects.update(is_verified=True)
    assert api.post("orders/checkout", body).status_code == 201


def test_elsewhere_nobody_is_asked(client, newcomer, settings):
    settings.CHECKOUT_NEEDS_VERIFIED_EMAIL = False
    client.force_login(newcomer)

    assert pay(client).status_code == 303
