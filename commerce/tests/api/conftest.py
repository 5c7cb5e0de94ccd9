"""A shop with one book, and a shopper who talks to the API."""

import pytest

from accounts.tests.factories import PASSWORD
from commerce.tests.factories import WarehouseFactory, stocked_book, user_with_cart


@pytest.fixture
def warehouse(db):
    return WarehouseFactory()


@pytest.fixture
def book(warehouse):
    return stocked_book(warehouse, 5)


@pytest.fixture
def shopper(api, book):
    """The API client of a user with one copy of the book in the cart."""
    api.user = user_with_cart(book)
    api.sign_in(api.user.email, PASSWORD)
    return api
