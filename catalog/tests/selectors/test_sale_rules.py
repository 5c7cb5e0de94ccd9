"""One judge says whether a book may be sold: model, written SQL and the database's filter agree."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.enums import SaleState
from catalog.models import Book
from catalog.selectors import book_filters, book_records, books, offers, shelves
from catalog.selectors.book_filters import BookQuery
from catalog.tests.factories import BookFactory, InventoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-10")]

PRICES = (None, Decimal("0.00"), Decimal("40.00"))
DAYS = (None, -1, 0, 1)
SOLD = {SaleState.FOR_SALE, SaleState.PREORDER}


def day(offset):
    return None if offset is None else timezone.localdate() + dt.timedelta(days=offset)


def every_combination():
    """Yield a book for each combination, with what should be said of it in plain words."""
    for price, withdrawn, out, on_sale, preorder in itertools.product(
        PRICES, (False, True), DAYS, DAYS, (False, True)
    ):
        if withdrawn:
            wanted = "WITHDRAWN"
        elif price is None:
            wanted = "NO_PRICE"
        elif on_sale == 1:
            wanted = "EMBARGOED"
        elif out == 1:
            wanted = "PREORDER" if preorder else "NOT_OUT_YET"
        else:
            wanted = "FOR_SALE"
        book = BookFactory(
            price=price,
            deleted_at=timezone.now() if withdrawn else None,
            published_on=day(out),
            on_sale_on=day(on_sale),
            is_preorder_allowed=preorder,
        )
        yield book.pk, wanted


def test_model_rows_offers_and_filter_say_the_same_of_every_combination():
    wanted = dict(every_combination())
    ids = list(wanted)
    assert len(ids) == 192
    sold = {id_ for id_, state in wanted.items() if state in SOLD}

    assert {book.pk: book.sale_state for book in Book.objects.all()} == wanted
    assert {book.pk for book in Book.objects.all() if book.is_for_sale} == sold
    for read in (books.cards_even_withdrawn, book_records.records_even_withdrawn):
        assert {card.id: card.sale_state for card in read(ids)} == wanted
    offered = offers.offers_by_ids(ids)
    assert {id_: offer.sale_state for id_, offer in offered.items()} == wanted
    assert {id_ for id_, offer in offered.items() if offer.selling_price is not None} == sold
    assert set(Book.objects.for_sale().values_list("pk", flat=True)) == sold


def test_first_day_is_told_of_those_that_only_wait():
    waits = BookFactory(published_on=day(3), on_sale_on=day(5))
    out_first = BookFactory(published_on=day(5), on_sale_on=day(3))
    preorder = BookFactory(published_on=day(5), on_sale_on=day(3), is_preorder_allowed=True)
    others = [
        BookFactory(published_on=day(5), is_preorder_allowed=True),
        BookFactory(published_on=day(5), price=None),
        BookFactory(published_on=day(-1), on_sale_on=day(-1)),
    ]
    assert [book.sold_from for book in (waits, out_first, preorder)] == [day(5), day(5), day(3)]
    assert [book.sold_from for book in others] == [None, None, None]


def test_the_shops_midnight_decides_not_greenwichs(monkeypatch, settings):
    book = BookFactory(on_sale_on=dt.date(2027, 3, 3))
    midnight = dt.datetime(2027, 3, 3, tzinfo=timezone.get_default_timezone())
    assert midnight.utcoffset() != dt.timedelta(0)
    for instant, sold in ((midnight - dt.timedelta(seconds=1), False), (midnight, True)):
        monkeypatch.setattr(timezone, "now", lambda now=instant: now.astimezone(dt.UTC))
        assert book.is_for_sale is sold
        assert Book.objects.for_sale().exists() is sold
        assert offers.offers_by_ids([book.pk])[book.pk].is_for_sale is sold


def test_shelves_and_the_filter_of_stock_leave_out_what_may_not_be_sold():
    sold, waiting = BookFactory(), BookFactory(on_sale_on=day(1))
    preorder = BookFactory(published_on=day(1), is_preorder_allowed=True)
    for book in (sold, waiting, preorder):
        InventoryFactory(book=book)
    here = {sold.pk, preorder.pk}
    assert set(shelves.newest_ids(9)) == here
    assert set(shelves.in_stock_ids(9)) == here
    narrowed = book_filters.narrowed(BookQuery(in_stock=True))
    assert set(narrowed.values_list("pk", flat=True)) == here
    assert book_filters.narrowed(BookQuery()).count() == 3
