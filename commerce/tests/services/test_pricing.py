"""What a cart costs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.enums import Fulfilment
from commerce.services import pricing

pytestmark = pytest.mark.req("COMM-01")
prices = st.decimals(min_value=0, max_value=9999, places=2)
copies = st.lists(
    st.tuples(st.integers(1, 10**6), st.integers(1, 99), prices), min_size=1, max_size=97
)


def total_of(*lines, fulfilment=Fulfilment.DELIVERY):
    return pricing.price_order(
        [(number, quantity, Decimal(price)) for number, (quantity, price) in enumerate(lines)],
        fulfilment,
    )


def test_lines_sum_to_total_with_fee():
    totals = total_of((2, "40.00"), (1, "9.90"))

    assert totals.subtotal == Decimal("89.90")
    assert totals.delivery_fee == Decimal("30.00")
    assert totals.total == Decimal("119.90")


@pytest.mark.parametrize(
    ("subtotal", "fee"), [("149.99", "30.00"), ("150.00", "0.00"), ("150.01", "0.00")]
)
def test_delivery_is_free_from_the_minimum_on(subtotal, fee):
    assert total_of((1, subtotal)).delivery_fee == Decimal(fee)


def test_collecting_is_free():
    assert total_of((1, "1.00"), fulfilment=Fulfilment.PICKUP).delivery_fee == Decimal("0.00")


def test_tax_is_contained_and_rounded_half_up_line_by_line():
    # 18 % contained in 0.03 is 0.00457…, in 49.90 it is 7.6118…
    totals = total_of((1, "0.03"), (1, "49.90"), fulfilment=Fulfilment.PICKUP)

    assert [line.tax for line in totals.lines] == [Decimal("0.00"), Decimal("7.61")]
    assert totals.tax == Decimal("7.61")
    assert totals.total == totals.subtotal


def test_tax_comes_on_top_where_prices_are_without(settings):
    settings.PRICES_INCLUDE_TAX = False

    totals = total_of((1, "100.00"))

    assert totals.tax == Decimal("23.40")  # 18.00 on the book, 5.40 on the delivery
    assert totals.total == Decimal("153.40")


@given(copies)
def test_sums_hold_for_any_cart(lines):
    totals = pricing.price_order(lines, Fulfilment.DELIVERY)

    assert totals.subtotal == sum(price * quantity for _id, quantity, price in lines)
    assert totals.total == totals.subtotal + totals.delivery_fee
    assert totals.tax.as_tuple().exponent == -2
    assert Decimal(0) <= totals.tax <= totals.total
