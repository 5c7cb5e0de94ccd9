"""Saved addresses in the browser, by plain forms."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Address
from accounts.services import addresses
from accounts.tests.factories import UserFactory
from accounts.tests.postal import HOME, WORK
from core.addresses import Preferences

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-11")]
LIST, NEW = "/account/addresses/", "/account/addresses/new/"
TYPED = {
    "recipient": "Ada Reader",
    "line1": "12 Book Lane",
    "postcode": " 3303118 ",
    "city": "Haifa",
    "country": "IL",
}


@pytest.fixture
def user(client):
    user = UserFactory(full_name="Ada King")
    client.force_login(user)
    return user


@pytest.fixture
def saved(user):
    return addresses.add_address(user_id=user.pk, address=HOME)


def url(name, address):
    return reverse(f"accounts:{name}", args=[address.pk])


def rows():
    return list(Address.objects.order_by("pk").values())


def test_strangers_sign_in_first(client, db):
    home = addresses.add_address(user_id=UserFactory().pk, address=HOME)
    before = rows()

    for path in [LIST, NEW, url("address", home)]:
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")
    for name in ("address-default", "address-removal"):
        assert client.post(url(name, home)).status_code == 302

    assert rows() == before


def test_empty_list_says_what_it_is_for(client, user):
    page = client.get(LIST)

    assert "You have not saved an address yet" in page.text
    assert "no-store" in page["Cache-Control"]
    assert NEW in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_list_shows_own_addresses_at_any_number(client, user, count, django_assert_num_queries):
    for number in range(count):
        addresses.add_address(user_id=user.pk, address=WORK if number else HOME)
    addresses.add_address(
        user_id=UserFactory().pk, address=HOME.read({**HOME.as_json(), "line1": "Elsewhere"})
    )

    with django_assert_num_queries(4):  # session, user, copies in the head, addresses
        page = client.get(LIST).text

    assert page.count('<address class="postal">') == count
    assert page.count("Your books go here by default") == 1
    assert page.count("Signature required") == count - 1
    assert "Elsewhere" not in page


def test_adding_saves_and_leads_back(client, user):
    assert 'value="Ada King"' in client.get(NEW).text
    assert 'name="is_default"' not in client.get(NEW).text

    answer = client.post(
        NEW, TYPED | {"handover": "leave_at_door", "safe_place": "Shed", "note": "Ring"}
    )

    assert (answer.status_code, answer["Location"]) == (303, LIST)
    wishes = Preferences(leave_at_door=True, safe_place="Shed", note="Ring")
    assert Address.objects.get().preferences == wishes
    assert (Address.objects.get().postcode, Address.objects.get().is_default) == ("3303118", True)
    assert "The address is saved." in client.get(LIST).text
    assert 'name="is_default"' in client.get(NEW).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"line1": ""}, "Enter the street and house number"),
        ({"phone": "call me"}, "Enter a telephone number"),
        ({"city": "Haifa\x1b[2J"}, "Write this on one line"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"handover": "by owl"}, "Select a valid choice"),
        ({"note": "x" * 201}, "at most 200 characters"),
    ],
)
def test_mistakes_show_the_form_again_with_what_was_typed(client, saved, changes, sentence):
    before = rows()

    for path in (NEW, url("address", saved)):
        answer = client.post(path, TYPED | {"recipient": "Somebody Else"} | changes)
        assert answer.status_code == 422
        assert "<title>Error: " in answer.text
        assert answer.text.count(sentence) == 2  # in the summary and at the field
        assert 'value="Somebody Else"' in answer.text

    assert rows() == before


def test_changing_keeps_id_and_orders_of_the_list(client, user, saved):
    other = addresses.add_address(user_id=user.pk, address=WORK)
    page = client.get(url("address", other)).text
    assert 'value="1 Mill Road"' in page
    assert 'value="Ring twice"' in page

    answer = client.post(url("address", other), TYPED | {"city": "Akko", "is_default": "on"})

    assert (answer.status_code, answer["Location"]) == (303, LIST)
    changed = Address.objects.get(pk=other.pk)
    assert (changed.city, changed.is_default, changed.preferences) == ("Akko", True, Preferences())
    assert Address.objects.get(pk=saved.pk).is_default is False


def test_buttons_move_the_default_and_remove(client, user, saved):
    other = addresses.add_address(user_id=user.pk, address=WORK)

    assert client.post(url("address-default", other)).status_code == 303
    assert Address.objects.get(is_default=True) == other
    assert client.post(url("address-removal", other)).status_code == 303
    assert Address.objects.get() == saved
    assert Address.objects.get().is_default is True
    assert client.get(url("address-removal", saved)).status_code == 405


@pytest.mark.req("AUTH-09")
def test_anothers_address_is_404(client, user):
    theirs = addresses.add_address(user_id=UserFactory().pk, address=HOME)
    before = rows()

    assert client.get(url("address", theirs)).status_code == 404
    assert client.post(url("address", theirs), TYPED | {"city": "Akko"}).status_code == 404
    assert client.post(url("address-default", theirs)).status_code == 404
    assert client.post(url("address-removal", theirs)).status_code == 404
    assert client.get("/account/addresses/nonsense/").status_code == 404

    assert rows() == before


def test_full_list_refuses_another_with_409(client, saved):
    Address.objects.bulk_create(
        Address(user_id=saved.user_id, recipient=str(number)) for number in range(49)
    )

    assert "as many as we keep" in client.get(LIST).text
    answer = client.post(NEW, TYPED)

    assert answer.status_code == 409
    assert "You have saved 50 addresses" in answer.text
    assert Address.objects.count() == 50


@pytest.mark.req("BASE-06")
def test_forms_need_the_csrf_token(saved):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(saved.user)

    assert browser.post(NEW, TYPED).status_code == 403
    assert browser.post(url("address-removal", saved)).status_code == 403
    assert Address.objects.get() == saved
