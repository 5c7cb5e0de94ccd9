"""The checkout offers saved addresses, takes another one, and saves it where that is wanted."""

import re

import pytest
from django.urls import reverse

from accounts.models import Address
from accounts.services import addresses
from accounts.tests.factories import UserFactory
from accounts.tests.postal import HOME, WORK
from catalog.services import stock
from catalog.tests.factories import BranchFactory
from commerce.models import Order
from commerce.tests.factories import WarehouseFactory, stocked_book, user_with_cart
from core.addresses import Preferences

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-11")]
WHERE, PAY = "/checkout/", "/checkout/payment/"
TYPED = {
    "fulfilment": "DELIVERY",
    "recipient": "Grace Reader",
    "line1": "3 Ship Street",
    "city": "Akko",
    "postcode": "2410101",
}


@pytest.fixture
def user(client):
    user = user_with_cart(stocked_book(WarehouseFactory(), 5))
    client.force_login(user)
    return user


@pytest.fixture
def home(user):
    return addresses.add_address(user_id=user.pk, address=HOME)


@pytest.fixture
def work(user, home):
    return addresses.add_address(user_id=user.pk, address=WORK)


def checked(client):
    """The value of the address that is preselected."""
    page = client.get(WHERE).text
    (found,) = re.findall(r'name="address" value="([^"]+)"[^>]*checked', page)
    return found


def pay(client):
    answer = client.post(PAY, {"payment_method": "tok_visa"})
    assert answer.status_code == 303, answer.text
    return Order.objects.latest("created_at").contact


def test_without_saved_addresses_there_is_nothing_to_choose(client, user):
    page = client.get(WHERE).text

    assert 'name="address"' not in page
    assert 'name="save"' in page
    assert client.post(WHERE, TYPED).status_code == 303
    assert pay(client).line1 == "3 Ship Street"
    assert Address.objects.count() == 0


def test_default_is_preselected_and_one_press_goes_on(client, home, work):
    assert checked(client) == str(home.pk)
    assert "1 Mill Road" in client.get(WHERE).text

    answer = client.post(WHERE, {"fulfilment": "DELIVERY", "address": str(home.pk)})

    assert (answer.status_code, answer["Location"]) == (303, PAY)
    assert pay(client).line1 == "12 Book Lane"


def test_chosen_address_brings_its_preferences_and_what_was_typed_is_ignored(client, work):
    noise = {"recipient": "\x00", "line1": "x" * 1000, "phone": "call me", "save": "on"}
    client.post(WHERE, {"fulfilment": "DELIVERY", "address": str(work.pk)} | noise)

    assert "Signature required" in client.get(PAY).text
    contact = pay(client)

    assert (contact.line1, contact.preferences) == ("1 Mill Road", WORK.preferences)
    assert "Signature required" in client.get(contact.order.get_absolute_url()).text
    assert Address.objects.count() == 2


def test_another_address_is_used_once(client, home):
    wishes = {"handover": "leave_at_door", "safe_place": "Shed", "note": "Ring"}
    assert client.post(WHERE, TYPED | {"address": "new"} | wishes).status_code == 303
    assert checked(client) == "new"
    assert 'value="3 Ship Street"' in client.get(WHERE).text

    contact = pay(client)

    assert contact.line1 == "3 Ship Street"
    assert contact.preferences == Preferences(leave_at_door=True, safe_place="Shed", note="Ring")
    assert Address.objects.get() == home


def test_another_address_is_saved_once_where_that_is_wanted(client, home):
    for _press in range(2):
        client.post(WHERE, TYPED | {"address": "new", "save": "on"})

    added = Address.objects.exclude(pk=home.pk).get()
    assert (added.line1, added.is_default) == ("3 Ship Street", False)
    assert checked(client) == str(added.pk)
    assert pay(client).line1 == "3 Ship Street"


def test_first_address_saved_at_the_checkout_is_the_default(client, user):
    client.post(WHERE, TYPED | {"save": "on"})

    assert Address.objects.get().is_default is True


def test_order_goes_where_the_page_said_although_the_address_changed(client, user, home):
    client.post(WHERE, {"fulfilment": "DELIVERY", "address": str(home.pk)})
    addresses.change_address(user_id=user.pk, address_id=home.pk, changes={"line1": "Elsewhere"})
    assert "12 Book Lane" in client.get(PAY).text
    addresses.remove_address(user_id=user.pk, address_id=home.pk)

    assert pay(client).line1 == "12 Book Lane"


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({}, "Choose where to deliver to"),
        ({"address": "nonsense"}, "Select a valid choice"),
        ({"address": "new", "line1": ""}, "Enter the street and house number"),
        ({"address": "new", "phone": "call me"}, "Enter a telephone number"),
        ({"address": "new", "handover": "by owl"}, "Select a valid choice"),
        ({"address": "new", "country": "XX"}, "Select a valid choice"),
    ],
)
def test_mistakes_are_422_and_decide_nothing(client, home, choice, sentence):
    answer = client.post(WHERE, TYPED | {"save": "on"} | choice)

    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2  # in the summary and at the field
    assert "checkout" not in client.session
    assert Address.objects.get() == home


@pytest.mark.req("AUTH-09")
def test_anothers_address_cannot_be_chosen(client, home):
    theirs = addresses.add_address(user_id=UserFactory().pk, address=WORK)

    answer = client.post(WHERE, {"fulfilment": "DELIVERY", "address": str(theirs.pk)})

    assert answer.status_code == 422
    assert "Mill Road" not in answer.text
    assert "checkout" not in client.session


def test_full_list_is_409_and_goes_on_without_saving(client, home):
    Address.objects.bulk_create(
        Address(user_id=home.user_id, recipient=str(number)) for number in range(49)
    )

    answer = client.post(WHERE, TYPED | {"address": "new", "save": "on"})

    assert answer.status_code == 409
    assert "<title>Error: " in answer.text
    assert 'value="3 Ship Street"' in answer.text
    assert "checkout" not in client.session
    assert client.post(WHERE, TYPED | {"address": "new"}).status_code == 303


def test_collecting_asks_for_no_address_and_saves_none(client, user, home):
    branch = BranchFactory()
    (line,) = user.carts.get().lines.all()
    stock.set_quantity(book_id=line.book_id, branch_id=branch.pk, quantity=1, actor_id=None)

    answer = client.post(WHERE, {"fulfilment": "PICKUP", "branch": branch.pk, "save": "on"})

    assert (answer.status_code, answer["Location"]) == (303, reverse("commerce:checkout-payment"))
    contact = pay(client)
    assert (contact.line1, contact.preferences) == ("", Preferences())
    assert Address.objects.get() == home
