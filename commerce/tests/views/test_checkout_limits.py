"""T085 at the checkout: twenty attempts a minute for each user by any door; open on outage."""

import pytest
from django.test import Client
from django.urls import reverse

from commerce.models import Order
from commerce.tests.factories import WarehouseFactory, stocked_book, user_with_cart
from core import redis as shop_redis
from tests.fixtures.api import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-08")]
ADDRESS = {"recipient": "A", "line1": "1 Lane", "city": "Haifa", "postcode": "1"}
BODY = {"fulfilment": "DELIVERY", "address": ADDRESS, "payment_method": "tok_declined"}
CARD = {"payment_method": "tok_declined", "expected_total": "70.00"}


@pytest.fixture
def book(db):
    return stocked_book(WarehouseFactory(), 5)


@pytest.fixture
def user(book):
    return user_with_cart(book)


def api_of(user):
    api = ApiClient()
    api.client.force_login(user)
    return api


def by_page(user, number):
    browser = Client()
    browser.force_login(user)
    session = browser.session
    session["checkout"] = {"fulfilment": "DELIVERY", "address": ADDRESS | {"country": "IL"}}
    session.save()
    return browser.post(reverse("commerce:checkout-payment"), CARD)


def by_orders(user, number):
    return api_of(user).post("orders/checkout", BODY)


def by_confirm(user, number):
    return api_of(user).post(
        "checkout/confirm", BODY, headers={"Idempotency-Key": f"attempt-{number}"}
    )


DOORS = pytest.mark.parametrize("buy", [by_page, by_orders, by_confirm])


@DOORS
def test_user_who_tries_too_often_is_429_and_nobody_else(rate_limits, user, book, buy):
    answers = [buy(user, number) for number in range(20)]
    assert {answer.status_code for answer in answers} == {402}
    assert [int(answer["RateLimit-Remaining"]) for answer in answers] == list(range(19, -1, -1))

    refused = buy(user, 20)

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert (refused["RateLimit-Limit"], refused["RateLimit-Remaining"]) == ("20", "0")
    assert Order.objects.filter(user=user).count() == 20
    assert buy(user_with_cart(book), 0).status_code == 402


def test_attempts_of_all_doors_are_counted_together(rate_limits, user):
    for number in range(20):
        [by_page, by_orders, by_confirm][number % 3](user, number)

    assert [buy(user, 20).status_code for buy in (by_page, by_orders, by_confirm)] == [429] * 3


def test_key_that_met_the_limit_may_be_used_again(rate_limits, user, settings):
    for number in range(20):
        by_confirm(user, number)
    assert by_confirm(user, "late").status_code == 429
    settings.RATE_LIMITS = False  # as if the minute had passed

    assert by_confirm(user, "late").status_code == 402


@DOORS
def test_shop_that_cannot_count_goes_on_selling(rate_limits, user, buy, settings):
    living = settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # nobody listens there
    shop_redis.client.cache_clear()
    try:
        answer = buy(user, 0)
    finally:
        settings.REDIS_URL = living
        shop_redis.client.cache_clear()

    assert answer.status_code == 402
    assert "RateLimit-Limit" not in answer
