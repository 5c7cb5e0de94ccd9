"""Announced prices on their day, and the hand that was quicker (CATL-06)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Book, DatedPrice
from catalog.services import books, dated_prices
from catalog.tests.factories import BookFactory
from core.ids import uuid7
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
ACTOR = uuid7()


def on(offset):
    return timezone.localdate() + dt.timedelta(days=offset)


def priced(price, *announced):
    """Return a book with announced prices: (amount, first day, last day) counted from today."""
    book = BookFactory(price=price and Decimal(price))
    DatedPrice.objects.bulk_create(
        DatedPrice(
            book=book,
            amount=Decimal(amount),
            from_on=None if begins is None else on(begins),
            until_on=None if ends is None else on(ends),
        )
        for amount, begins, ends in announced
    )
    return book


def price_of(book):
    book.refresh_from_db()
    return book.price and int(book.price)


def set_by_hand(book, price, days_ago=0):
    draft = books.BookDraft(
        isbn=book.isbn13, title=book.title, price=Decimal(price), work_id=book.work_id
    )
    books.save_book(draft=draft, actor_id=ACTOR, book_id=book.pk)
    entry = AuditEntry.objects.latest("id")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE core_auditentry SET created_at = created_at - make_interval(days => %s)"
            " WHERE id = %s",
            [days_ago, entry.pk],
        )
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("now", "announced", "then"),
    [
        ("40", [("30", 0, 9)], 30),
        ("40", [("30", 1, 9)], 40),
        ("30", [("40", None, None), ("30", -9, -1)], 40),
        ("30", [("40", None, None), ("30", -9, 0)], 30),
        ("30", [("30", -9, -1)], 30),
        ("40", [("30", -20, None), ("20", -10, None)], 20),
        (None, [("30", 0, None)], 30),
        ("40", [("30", -3, None)], 30),
        ("40", [], 40),
    ],
)
def test_the_price_of_the_day_is_put_on_the_book(now, announced, then):
    book = priced(now, *announced)
    changes = then != (now and int(now))

    assert dated_prices.apply_due() == changes
    assert price_of(book) == then
    assert book.version == 1 + changes
    entries = AuditEntry.objects.filter(action="book.price_due", entity_id=str(book.pk))
    assert [entry.new_value for entry in entries] == [{"price": f"{then}.00"}] * changes
    assert dated_prices.apply_due() == 0


def test_a_withdrawn_book_keeps_its_price():
    book = priced("40", ("30", 0, None))
    Book.objects.update(deleted_at=timezone.now())
    assert dated_prices.apply_due() == 0
    assert price_of(book) == 40


@pytest.mark.parametrize(
    ("announced", "days_ago", "then"),
    [
        # Set after it began, or on that very day: the hand counts.
        ([("30", -5, None)], 2, 99),
        ([("30", 0, None)], 0, 99),
        # Set before it began: its day has come.
        ([("30", -5, None)], 7, 30),
        # A price that returns when another has ended began to hold on that day.
        ([("30", None, None), ("20", -9, -1)], 0, 99),
        ([("30", None, None), ("20", -9, -1)], 3, 30),
        # One that always held never begins.
        ([("30", None, None)], 3, 99),
    ],
)
def test_a_price_set_by_hand_stays_until_the_next_one_begins(announced, days_ago, then):
    book = priced("40", *announced)
    set_by_hand(book, 99, days_ago)

    assert dated_prices.apply_due() == (then != 99)
    assert price_of(book) == then


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_day_is_that_of_the_shop(zone):
    # These two zones are never on the same day.
    with timezone.override(zone):
        book = priced("40", ("30", 0, None), ("20", 1, None))
        assert dated_prices.apply_due() == 1
        assert price_of(book) == 30


def test_books_are_priced_in_batches():
    found = [priced("40", ("30", 0, None)) for _number in range(5)]
    assert dated_prices.apply_due(batch_size=2) == 5
    assert {price_of(book) for book in found} == {30}


def test_statements_do_not_grow_with_the_books():
    def statements(number):
        for _number in range(number):
            priced("40", ("30", 0, None))
        with CaptureQueriesContext(connection) as seen:
            dated_prices.apply_due()
        return len(seen)

    assert statements(1) == statements(3)
