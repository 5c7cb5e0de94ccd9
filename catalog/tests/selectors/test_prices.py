"""What a rule makes of prices."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.enums import PriceRounding, PriceRuleKind
from catalog.models import Book
from catalog.selectors import prices
from catalog.tests.factories import BookFactory

pytestmark = pytest.mark.req("CATL-01")
PERCENT, AMOUNT, EXACT = PriceRuleKind
CENT, TENTH, WHOLE, NINETY, NINETY_NINE = PriceRounding


def rule(kind, value, rounding=CENT):
    return prices.PriceRule(kind, Decimal(value), rounding)


@pytest.mark.parametrize(
    ("said", "old", "new"),
    [
        (rule(PERCENT, "5"), "40.00", "42.00"),
        (rule(PERCENT, "5"), "39.90", "41.90"),  # 41.895, half up
        (rule(PERCENT, "-12.5"), "80.00", "70.00"),
        (rule(PERCENT, "-100"), "80.00", "0.00"),
        (rule(AMOUNT, "-3"), "2.00", "0.00"),
        (rule(AMOUNT, "2.55"), "10.00", "12.55"),
        (rule(EXACT, "12.5"), "40.00", "12.50"),
        (rule(EXACT, "12.5"), None, "12.50"),
        (rule(EXACT, "12.34", NINETY), "40.00", "12.34"),
        (rule(PERCENT, "5"), None, None),
        (rule(PERCENT, "5", TENTH), "39.90", "41.90"),
        (rule(AMOUNT, "0.04", TENTH), "1.00", "1.00"),
        (rule(PERCENT, "5", WHOLE), "39.90", "42.00"),
        (rule(PERCENT, "5", NINETY), "39.90", "41.90"),
        (rule(PERCENT, "5", NINETY_NINE), "39.90", "41.99"),
        (rule(PERCENT, "-90", WHOLE), "3.00", "1.00"),
        (rule(PERCENT, "-90", NINETY_NINE), "3.00", "0.99"),
    ],
)
def test_rule_finds_the_new_price(said, old, new):
    after = said.price_after(None if old is None else Decimal(old))
    assert after == (None if new is None else Decimal(new))


@given(
    old=st.decimals(0, 99_999_999, places=2),
    kind=st.sampled_from([PERCENT, AMOUNT]),
    value=st.decimals(-99_999, 99_999, places=2),
    rounding=st.sampled_from(PriceRounding),
)
def test_no_rule_goes_below_zero_or_beyond_cents(old, kind, value, rounding):
    after = prices.PriceRule(kind, value, rounding).price_after(old)
    assert after is not None
    assert after >= 0
    assert after == after.quantize(Decimal("0.01"))
    if after and rounding in (NINETY, NINETY_NINE):
        assert f"{after:.2f}".endswith(rounding.value)


@pytest.mark.django_db
def test_plan_tells_changes_odd_ones_and_what_it_leaves_out(django_assert_num_queries):
    plain, free, dear = (BookFactory(price=Decimal(price)) for price in ("10.00", "1.00", "99e6"))
    BookFactory(price=None)
    withdrawn = BookFactory(price=Decimal("10.00"))
    Book.objects.filter(pk=withdrawn.pk).update(deleted_at="2026-01-01T00:00:00Z")

    with django_assert_num_queries(1):
        raised = prices.plan(Book.objects.all(), rule(PERCENT, "10"))
    lowered = prices.plan(Book.objects.all(), rule(AMOUNT, "-1"))
    same = prices.plan(Book.objects.all(), rule(EXACT, "10"))

    assert [(row.book_id, str(row.new)) for row in raised.changes] == [
        (plain.pk, "11.00"),
        (free.pk, "1.10"),
    ]
    assert (raised.unchanged, raised.left_out, raised.odd) == (0, 3, [])
    assert [row.book_id for row in lowered.odd] == [free.pk]
    assert (same.unchanged, same.left_out, len(same.odd)) == (1, 1, 3)
    assert dear.pk in {row.book_id for row in same.odd}


@pytest.mark.django_db
def test_fingerprint_follows_what_the_plan_does():
    book = BookFactory(price=Decimal("10.00"))
    first = prices.plan(Book.objects.all(), rule(PERCENT, "10"))
    again = prices.plan(Book.objects.all(), rule(PERCENT, "10"))
    Book.objects.filter(pk=book.pk).update(price=Decimal("20.00"))
    later = prices.plan(Book.objects.all(), rule(PERCENT, "10"))
    assert first.fingerprint == again.fingerprint != later.fingerprint


@pytest.mark.django_db
def test_too_many_books_are_counted_no_further_than_needed(monkeypatch):
    monkeypatch.setattr(prices, "MOST_BOOKS", 2)
    for _ in range(2):
        BookFactory()
    assert prices.has_too_many(Book.objects.all()) is False
    BookFactory()
    assert prices.has_too_many(Book.objects.all()) is True
