"""Lists of commerce on the API: asked and answered like every other list."""

import pytest
from django.utils import timezone

from commerce.services import checkout
from commerce.tests.factories import (
    DELIVERY,
    DeliverySlotFactory,
    stocked_book,
    user_with_cart,
)

pytestmark = [pytest.mark.django_db, pytest.mark.req("BASE-06")]


def test_orders_come_in_pages_that_link_to_each_other(shopper, warehouse, book):
    checkout.check_out(user=shopper.user, request=DELIVERY)
    shopper.post("cart/items", {"book_id": book.pk})
    checkout.check_out(user=shopper.user, request=DELIVERY)
    checkout.check_out(user=user_with_cart(stocked_book(warehouse, 1)), request=DELIVERY)

    answer = shopper.get("orders", query={"page": 2, "size": 1}).json()

    assert len(answer["data"]) == 1
    assert answer["pagination"] == {
        "page": 2,
        "size": 1,
        "total": 2,
        "pages": 2,
        "next": None,
        "previous": "/api/v1/orders?page=1&size=1",
    }


def test_week_of_slots_is_one_page_and_may_be_cut(api):
    slots = [DeliverySlotFactory(day_of_week=day) for day in range(7)]

    whole = api.get("delivery-slots", query={"date": "", "day_of_week": ""}).json()
    assert [slot["id"] for slot in whole["data"]] == [slot.pk for slot in slots]
    assert whole["pagination"] == {
        "page": 1,
        "size": 100,
        "total": 7,
        "pages": 1,
        "next": None,
        "previous": None,
    }

    part = api.get("delivery-slots", query={"limit": 3, "offset": 2}).json()
    assert [slot["id"] for slot in part["data"]] == [slot.pk for slot in slots[2:5]]
    assert (part["pagination"]["next"], part["pagination"]["previous"]) == (
        "/api/v1/delivery-slots?limit=3&offset=5",
        "/api/v1/delivery-slots?limit=3&offset=0",
    )


def test_slots_of_a_date_that_has_none_are_an_empty_first_page(api):
    today = timezone.localdate().isoformat()

    empty = api.get("delivery-slots", query={"date": today})
    assert (empty.status_code, empty.json()["data"]) == (200, [])
    beyond = api.get("delivery-slots", query={"date": today, "page": 2})
    assert (beyond.status_code, beyond.json()["error"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["orders", "delivery-slots"])
@pytest.mark.parametrize("name", ["status", "order_by"])
def test_unknown_parameter_is_refused_by_name(shopper, path, name):
    refused = shopper.get(path, query={name: "x"})

    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert list(refused.json()["error"]["details"]) == [name]
