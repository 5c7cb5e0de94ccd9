"""A shop to buy in, and the promise that it is whole afterwards."""

import pytest

from commerce.tests.factories import WarehouseFactory
from core.invariants import check_all


@pytest.fixture
def warehouse(db):
    return WarehouseFactory()


@pytest.fixture
def nothing_broken(db):
    """Every invariant holds at the end of the test."""
    yield
    assert [v.invariant.name for v in check_all() if v.breaches] == []
