"""A row of every kind that the staff desk shows."""

import datetime as dt
import itertools
from decimal import Decimal

from accounts.tests.factories import UserFactory
from catalog import text
from catalog.enums import CoverState, StockRequestType
from catalog.models import (
    BookContributor,
    BookGenre,
    Cover,
    GenreCode,
    ImportRun,
    Inventory,
    PriceEdit,
    StockRequest,
)
from catalog.services import search_index, stock
from catalog.tests.factories import (
    BookFactory,
    BranchFactory,
    ContributorFactory,
    GenreFactory,
    PublisherFactory,
    SeriesFactory,
)
from commerce.enums import Fulfilment, OrderStatus, PaymentStatus
from commerce.models import DeliverySlot, Order, OrderContact, OrderEvent, OrderLine, Payment
from core.services import audit
from engagement.models import StaffPick

_numbers = itertools.count(1)


def whole_book(**fields):
    """A book with everything around it: people, genre, series, publisher, stock, index."""
    book = BookFactory(publisher=PublisherFactory(), series=SeriesFactory(), **fields)
    BookContributor.objects.create(book=book, contributor=ContributorFactory())
    BookGenre.objects.create(book=book, genre=GenreFactory())
    stock.set_quantity(book_id=book.pk, branch_id=BranchFactory().pk, quantity=3, actor_id=None)
    search_index.index_books([book.pk])
    return book


def order(book=None, **fields):
    """A confirmed and paid order of two copies of a book."""
    number = next(_numbers)
    book = book or whole_book()
    placed = Order.objects.create(
        **{
            "number": f"TEST-{number:04}",
            "user": UserFactory(),
            "status": OrderStatus.CONFIRMED,
            "fulfilment": Fulfilment.PICKUP,
            "branch": Inventory.objects.filter(book=book)[0].branch,
            "subtotal": Decimal("80.00"),
            "delivery_fee": Decimal("0.00"),
            "tax": Decimal("12.20"),
            "total": Decimal("80.00"),
            "currency": "ILS",
        }
        | fields
    )
    OrderContact.objects.create(order=placed, email=f"Buyer{number}@example.com")
    OrderLine.objects.create(
        order=placed,
        book=book,
        title=book.title,
        isbn13=book.isbn13,
        unit_price=Decimal("40.00"),
        quantity=2,
        line_total=Decimal("80.00"),
        tax_rate=Decimal(18),
        tax=Decimal("12.20"),
    )
    OrderEvent.objects.create(order=placed, to_status=OrderStatus.PENDING)
    Payment.objects.create(
        order=placed,
        provider="mock",
        method_token="tok_visa",
        status=PaymentStatus.CAPTURED,
        amount=Decimal("80.00"),
        captured_amount=Decimal("80.00"),
        currency="ILS",
        provider_reference=f"reference-{number}",
    )
    return placed


def slot():
    """A delivery slot of its own hour."""
    number = next(_numbers)
    return DeliverySlot.objects.create(
        day_of_week=number % 7,
        starts_at=dt.time(6 + number // 7 % 12),
        ends_at=dt.time(19),
        capacity=5,
    )


def stock_request(placed, copies=2):
    """A wish for more of an order's book where the order is picked."""
    return StockRequest.objects.create(
        book=placed.lines.get().book,
        branch=placed.branch,
        type=StockRequestType.ADD_QUANTITY,
        quantity=copies,
        requested_by_id=placed.user_id,
    )


def everything():
    """One more row of every model on the staff desk."""
    placed = order()
    slot()
    book = placed.lines.get().book
    stock_request(placed)
    Cover.objects.create(book=book, state=CoverState.READY, width=600, height=900)
    StaffPick.objects.create(
        book=book, bookseller=text.tidy("Dana"), note="Read it.", picked_on=dt.date(2026, 11, 1)
    )
    ImportRun.objects.create(filename="autumn.csv", format="csv", size=1, actor_id=placed.user_id)
    GenreCode.objects.create(code=f"F{book.pk}", genre=book.genres.get())
    edit = PriceEdit.objects.create(rule={"kind": "percent", "value": "5", "rounding": ".99"})
    edit.changes.create(book=book, old_price=book.price, new_price=Decimal("41.99"))
    audit.record_change(
        action="book.updated",
        entity_type="book",
        entity_id=book.pk,
        actor_id=placed.user_id,
        old={"price": "40.00"},
        new={"price": "45.00"},
    )
