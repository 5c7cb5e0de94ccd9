"""Carts, slots and whole shops for tests."""

import datetime as dt
from decimal import Decimal

import factory

from accounts.tests.factories import UserFactory
from catalog.services import stock
from catalog.tests.factories import BookFactory, BranchFactory
from commerce.enums import Fulfilment
from commerce.models import DeliverySlot
from commerce.services import carts
from commerce.services.checkout import CheckoutRequest
from core.addresses import PostalAddress

ADDRESS = PostalAddress(
    recipient="Ada Reader", line1="12 Book Lane", city="Haifa", postcode="3303118", country="IL"
)
DELIVERY = CheckoutRequest(
    fulfilment=Fulfilment.DELIVERY, payment_method="tok_visa", address=ADDRESS
)


class WarehouseFactory(BranchFactory):
    name = "Warehouse"
    is_warehouse = True


class DeliverySlotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliverySlot

    day_of_week = 0
    starts_at = dt.time(10)
    ends_at = dt.time(12)
    capacity = 5


def stocked_book(branch, copies, **fields):
    """A book of 40.00 with copies in a branch."""
    book = BookFactory(**{"price": Decimal("40.00")} | fields)
    if copies:
        stock.set_quantity(book_id=book.pk, branch_id=branch.pk, quantity=copies, actor_id=None)
    return book


def user_with_cart(*books, quantity=1):
    """A shopper whose cart holds copies of some books."""
    user = UserFactory()
    for book in books:
        carts.add_book(user=user, book_id=book.pk, quantity=quantity)
    return user
