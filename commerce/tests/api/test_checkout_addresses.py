"""Where an order goes: a saved address, one written down, or the default; always a copy."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Address
from accounts.services import addresses
from accounts.tests.factories import UserFactory
from accounts.tests.postal import HOME, WORK
from commerce.models import Order, OrderContact
from commerce.tests.factories import stocked_book
from core.models import IdempotencyRecord

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-11")]
WISH = {"fulfilment": "DELIVERY", "payment_method": "tok_visa"}
WRITTEN = {
    "recipient": "Ada Reader",
    "line1": "12 Book Lane",
    "city": "Haifa",
    "postcode": "3303118",
}
NOTHING = {"leave_at_door": False, "signature_required": False, "safe_place": "", "note": ""}


@pytest.fixture
def home(shopper):
    return addresses.add_address(user_id=shopper.user.pk, address=HOME)


@pytest.fixture
def work(shopper, home):
    return addresses.add_address(user_id=shopper.user.pk, address=WORK)


def delivery_of(answer):
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]["delivery"]


def test_saved_address_goes_into_the_order_with_its_preferences(shopper, work):
    delivery = delivery_of(shopper.post("orders/checkout", WISH | {"address_id": str(work.pk)}))

    assert delivery["address"] == {
        **WRITTEN,
        "line1": "1 Mill Road",
        "line2": "",
        "country": "IL",
        "phone": "",
    }
    assert delivery["preferences"] == NOTHING | {"signature_required": True, "note": "Ring twice"}


def test_without_an_address_it_goes_to_the_default(shopper, home, work):
    assert shopper.post("checkout/preview", WISH).status_code == 200
    delivery = delivery_of(shopper.post("orders/checkout", WISH))

    assert delivery["address"]["line1"] == "12 Book Lane"
    assert delivery["preferences"] == NOTHING


def test_written_address_comes_before_the_default_and_is_not_saved(shopper, home):
    wishes = {"leave_at_door": True, "safe_place": "Shed"}
    written = WRITTEN | {"line1": "2 Mill Road", "delivery_preferences": wishes}

    delivery = delivery_of(shopper.post("orders/checkout", WISH | {"address": written}))

    assert delivery["address"]["line1"] == "2 Mill Road"
    assert delivery["preferences"] == NOTHING | wishes
    assert Address.objects.get() == home


@pytest.mark.req("COMM-06")
def test_order_keeps_its_address_whatever_happens_to_the_saved_one(shopper, work):
    answer = shopper.post("orders/checkout", WISH | {"address_id": str(work.pk)})
    path = f"orders/{answer.json()['data']['id']}"
    before = list(OrderContact.objects.values())

    shopper.patch(f"addresses/{work.pk}", {"city": "Akko", "delivery_preferences": {"note": ""}})
    assert delivery_of_order(shopper, path) == delivery_of(answer)
    shopper.delete(f"addresses/{work.pk}")

    assert delivery_of_order(shopper, path) == delivery_of(answer)
    assert list(OrderContact.objects.values()) == before


def delivery_of_order(shopper, path):
    return shopper.get(path).json()["data"]["delivery"]


@pytest.mark.req("AUTH-09")
@pytest.mark.parametrize("whose", ["another's", "nobody's"])
def test_anothers_address_is_404_and_buys_nothing(shopper, home, whose):
    theirs = addresses.add_address(user_id=UserFactory().pk, address=WORK).pk
    body = WISH | {"address_id": str(theirs if whose == "another's" else uuid.uuid4())}
    key = {"Idempotency-Key": "a-key-of-mine"}

    for path in ("orders/checkout", "checkout/preview", "checkout/confirm"):
        answer = shopper.post(path, body, headers=key)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")
        assert "Mill Road" not in answer.text

    assert Order.objects.count() == 0
    assert IdempotencyRecord.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": WRITTEN, "address_id": str(uuid.uuid4())}, "address_id"),
        ({"address_id": "nonsense"}, "address_id"),
        ({"address_id": None}, "address_id"),
        ({"address": WRITTEN | {"country": "XX"}}, "address"),
        ({"address": WRITTEN | {"is_default": True}}, "address"),
        (
            {
                "address": WRITTEN
                | {"delivery_preferences": {"leave_at_door": True, "signature_required": True}}
            },
            "address",
        ),
        ({"address": WRITTEN | {"delivery_preferences": {"owl": 1}}}, "address"),
    ],
)
def test_unclear_addresses_are_400_and_buy_nothing(shopper, home, changes, field):
    for path in ("orders/checkout", "checkout/preview"):
        answer = shopper.post(path, WISH | changes)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
        assert list(answer.json()["error"]["details"]) == [field]

    assert Order.objects.count() == 0


def test_collecting_needs_no_address_and_leaves_none(shopper, warehouse, home):
    answer = shopper.post("checkout/preview", WISH | {"fulfilment": "PICKUP"})

    assert list(answer.json()["error"]["details"]) == ["branch_id"]


@pytest.mark.req("COMM-02")
def test_a_saved_address_costs_one_statement_however_many_there_are(shopper, warehouse, home):
    counts = []
    for number in (1, 4, 16):
        for _each in range(number):
            addresses.add_address(user_id=shopper.user.pk, address=WORK)
        for choice in ({"address_id": str(home.pk)}, {}, {"address": WRITTEN}):
            book = stocked_book(warehouse, 5)
            shopper.post("cart/items", {"book_id": book.pk})
            with CaptureQueriesContext(connection) as captured:
                delivery_of(shopper.post("orders/checkout", WISH | choice))
            counts.append(len(captured))

    saved, default, written = counts[:3]
    assert (saved, default) == (written + 1, written + 1)
    assert counts == [saved, default, written] * 3
