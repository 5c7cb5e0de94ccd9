"""Placing orders on the API."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.models import Inventory
from catalog.tests.factories import BranchFactory
from commerce.models import Order, Payment
from commerce.services import checkout
from commerce.tests.factories import (
    DELIVERY,
    DeliverySlotFactory,
    stocked_book,
    user_with_cart,
)
from core.models import IdempotencyRecord
from core.services import idempotency

pytestmark = pytest.mark.django_db
ADDRESS = {
    "recipient": "Ada Reader",
    "line1": "12 Book Lane",
    "city": "Haifa",
    "postcode": "3303118",
}
BODY = {"fulfilment": "DELIVERY", "address": ADDRESS, "payment_method": "tok_visa"}
KEY = {"Idempotency-Key": "a-key-of-mine"}


@pytest.mark.req("COMM-02")
def test_checkout_answers_201_with_the_whole_order(shopper, book, warehouse):
    answer = shopper.post("orders/checkout", BODY)

    assert answer.status_code == 201
    order = answer.json()["data"]
    assert order["status"] == "CONFIRMED"
    assert (order["subtotal"], order["delivery_fee"], order["tax"], order["total"]) == (
        "40.00",
        "30.00",
        "10.68",
        "70.00",
    )
    (item,) = order["items"]
    assert (item["book_id"], item["isbn13"], item["unit_price"], item["quantity"]) == (
        book.pk,
        book.isbn13,
        "40.00",
        1,
    )
    assert order["payment"] == {"status": "CAPTURED", "provider": "mock", "amount": "70.00"}
    assert order["delivery"]["address"]["line1"] == "12 Book Lane"
    assert order["delivery"]["address"]["country"] == "IL"
    assert order["pickup"] is None
    assert [(step["from"], step["to"]) for step in order["history"]] == [
        (None, "PENDING"),
        ("PENDING", "CONFIRMED"),
    ]
    assert Inventory.objects.get(book=book).quantity == 4
    assert shopper.get("cart").json()["data"]["items"] == []


@pytest.mark.req("COMM-04")
def test_declined_is_402_and_gives_back(shopper, book):
    answer = shopper.post("orders/checkout", BODY | {"payment_method": "tok_declined"})

    assert answer.status_code == 402
    error = answer.json()["error"]
    assert error["code"] == "PAYMENT_DECLINED"
    assert error["details"]["order_number"] == Order.objects.get().number
    assert Inventory.objects.get(book=book).quantity == 5
    assert shopper.get("cart").json()["data"]["item_count"] == 1


@pytest.mark.req("COMM-04")
def test_unknown_outcome_is_202_with_a_pending_order(shopper):
    answer = shopper.post("orders/checkout", BODY | {"payment_method": "tok_timeout"})

    assert answer.status_code == 202
    assert answer.json()["data"]["status"] == "PENDING"
    assert answer.json()["data"]["payment"]["status"] == "UNKNOWN"


@pytest.mark.req("COMM-01")
def test_preview_reserves_nothing_and_says_what_is_missing(shopper, book):
    branch = BranchFactory()

    there = shopper.post("checkout/preview", BODY).json()["data"]
    here = shopper.post(
        "checkout/preview", {"fulfilment": "PICKUP", "branch_id": branch.pk}
    ).json()["data"]

    assert (there["total"], there["can_confirm"], there["missing_items"]) == ("70.00", True, [])
    assert (here["total"], here["can_confirm"]) == ("40.00", False)
    assert here["missing_items"] == [
        {"book_id": book.pk, "title": book.title, "requested": 1, "available": 0}
    ]
    assert Order.objects.count() == 0
    assert Inventory.objects.get(book=book).quantity == 5


@pytest.mark.req("COMM-01")
def test_slot_and_date_come_back_in_the_order(shopper):
    date = timezone.localdate() + dt.timedelta(days=2)
    slot = DeliverySlotFactory(day_of_week=date.weekday())

    offered = shopper.get("delivery-slots", query={"date": date.isoformat()}).json()["data"]
    body = BODY | {"slot_id": slot.pk, "date": date.isoformat()}
    preview = shopper.post("checkout/preview", body).json()["data"]
    answer = shopper.post("orders/checkout", body)

    window = {"id": slot.pk, "starts_at": "10:00", "ends_at": "12:00"}
    assert (preview["slot"], preview["date"]) == (window, date.isoformat())
    assert shopper.post("cart/items", {"book_id": _only_book(answer)}).status_code == 201
    assert shopper.post("checkout/preview", BODY).json()["data"]["slot"] is None
    assert [(s["id"], s["starts_at"], s["remaining"]) for s in offered] == [(slot.pk, "10:00", 5)]
    delivery = answer.json()["data"]["delivery"]
    assert (delivery["slot"], delivery["date"]) == (window, date.isoformat())
    after = shopper.get("delivery-slots", query={"date": date.isoformat()}).json()["data"]
    assert after[0]["remaining"] == 4


@pytest.mark.req("COMM-03")
def test_confirm_needs_a_key(shopper):
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 256}):
        answer = shopper.post("checkout/confirm", BODY, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "IDEMPOTENCY_KEY_REQUIRED"
    assert Order.objects.count() == 0


@pytest.mark.req("COMM-03")
def test_same_key_replays_to_the_byte(shopper):
    first = shopper.post("checkout/confirm", BODY, headers=KEY)
    again = shopper.post("checkout/confirm", dict(reversed(BODY.items())), headers=KEY)
    quoted = shopper.post("checkout/confirm", BODY, headers={"Idempotency-Key": '"a-key-of-mine"'})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content == quoted.content
    assert again["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1
    assert Payment.objects.count() == 1


@pytest.mark.req("COMM-03")
def test_declined_answer_is_replayed_too(shopper):
    body = BODY | {"payment_method": "tok_declined"}
    first = shopper.post("checkout/confirm", body, headers=KEY)
    again = shopper.post("checkout/confirm", body, headers=KEY)

    assert (first.status_code, again.status_code) == (402, 402)
    assert again.json()["error"]["code"] == "PAYMENT_DECLINED"
    assert Order.objects.count() == 1


@pytest.mark.req("COMM-03")
def test_same_key_with_another_body_is_409(shopper):
    shopper.post("checkout/confirm", BODY, headers=KEY)

    answer = shopper.post("checkout/confirm", BODY | {"expected_total": "1.00"}, headers=KEY)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert Order.objects.count() == 1


@pytest.mark.req("COMM-03")
def test_key_in_flight_is_409_with_retry_after(shopper):
    idempotency.claim_key(
        scope=f"user:{shopper.user.pk}",
        route="checkout/confirm",
        key="a-key-of-mine",
        fingerprint=idempotency.fingerprint_of(BODY),
    )

    answer = shopper.post("checkout/confirm", BODY, headers=KEY)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert int(answer["Retry-After"]) > 0
    assert Order.objects.count() == 0


@pytest.mark.req("COMM-03")
def test_refusal_before_the_order_frees_the_key(shopper, book):
    wrong = shopper.post("checkout/confirm", BODY | {"expected_total": "1.00"}, headers=KEY)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "PRICE_CHANGED")

    assert shopper.post("checkout/confirm", BODY, headers=KEY).status_code == 201


@pytest.mark.req("COMM-03")
def test_claim_that_died_after_its_order_resumes_that_order(shopper, monkeypatch):
    """As if the process was killed between placing and charging."""
    charge = checkout.charge_order
    monkeypatch.setattr(checkout, "charge_order", _killed)
    with pytest.raises(SystemExit):
        shopper.post("checkout/confirm", BODY, headers=KEY)
    monkeypatch.setattr(checkout, "charge_order", charge)
    at_once = shopper.post("checkout/confirm", BODY, headers=KEY)
    IdempotencyRecord.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))

    later = shopper.post("checkout/confirm", BODY, headers=KEY)

    assert at_once.json()["error"]["code"] == "IDEMPOTENCY_IN_PROGRESS"
    assert later.status_code == 201
    assert later.json()["data"]["status"] == "CONFIRMED"
    assert Order.objects.count() == 1
    assert Payment.objects.count() == 1


@pytest.mark.req("COMM-02")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fulfilment": "BY_OWL"}, "VALIDATION_ERROR"),
        ({"address": None}, "VALIDATION_ERROR"),
        ({"address": ADDRESS | {"line1": "x" * 300}}, "VALIDATION_ERROR"),
        ({"address": ADDRESS | {"country": "Israel"}}, "VALIDATION_ERROR"),
        ({"address": ADDRESS | {"city": "Haifa\nSubject: x"}}, "VALIDATION_ERROR"),
        ({"address": ADDRESS | {"phone": "\u001b[2J"}}, "VALIDATION_ERROR"),
        ({"slot_id": 1}, "VALIDATION_ERROR"),
        ({"slot_id": 10**12, "date": "2030-01-01"}, "SLOT_INVALID"),
        ({"payment_method": "tok_other"}, "VALIDATION_ERROR"),
        ({"expected_total": "NaN"}, "VALIDATION_ERROR"),
        ({"total": "0.01"}, "VALIDATION_ERROR"),
    ],
)
def test_bad_bodies_are_400_and_buy_nothing(shopper, changes, code):
    answer = shopper.post("orders/checkout", BODY | changes)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert Order.objects.count() == 0


@pytest.mark.req("COMM-02")
def test_delivery_without_address_is_address_required(shopper):
    body = {"fulfilment": "DELIVERY", "payment_method": "tok_visa"}

    answer = shopper.post("orders/checkout", body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "ADDRESS_REQUIRED")


@pytest.mark.req("COMM-02")
def test_empty_cart_is_409(shopper):
    shopper.delete("cart")

    for path in ("orders/checkout", "checkout/preview"):
        answer = shopper.post(path, BODY)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CART_EMPTY")


@pytest.mark.req("COMM-06")
def test_history_lists_own_orders_newest_first(shopper, warehouse, django_assert_num_queries):
    foreign = checkout.check_out(user=user_with_cart(stocked_book(warehouse, 1)), request=DELIVERY)
    first = shopper.post("orders/checkout", BODY).json()["data"]
    shopper.post("cart/items", {"book_id": first["items"][0]["book_id"]})
    second = shopper.post("orders/checkout", BODY).json()["data"]

    with django_assert_num_queries(6):  # user, count, orders, lines, events, payments
        answer = shopper.get("orders").json()

    assert [order["id"] for order in answer["data"]] == [second["id"], first["id"]]
    assert answer["pagination"]["total"] == 2
    assert shopper.get(f"orders/{first['id']}").json()["data"] == answer["data"][1]
    stranger = shopper.get(f"orders/{foreign.pk}")
    assert (stranger.status_code, stranger.json()["error"]["code"]) == (404, "NOT_FOUND")


def _only_book(answer):
    (item,) = answer.json()["data"]["items"]
    return item["book_id"]


def _killed(**kwargs):
    raise SystemExit
