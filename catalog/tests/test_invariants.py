"""The catalogue's promises, and that each check finds its breach."""

import pytest
from django.db import connection

from catalog.models import Book, Inventory
from catalog.tests.factories import BookFactory, InventoryFactory
from core.invariants import check_all

pytestmark = pytest.mark.django_db


def broken():
    return {verdict.invariant.name for verdict in check_all() if verdict.breaches}


@pytest.mark.req("CATL-04")
def test_invariants_hold_for_stock_of_every_kind():
    InventoryFactory(quantity=3)
    InventoryFactory(quantity=0)
    InventoryFactory(quantity=3, branch__is_active=False)
    BookFactory()
    assert broken() == set()


@pytest.mark.req("CATL-04")
def test_invariants_find_a_quantity_without_movement():
    Inventory.objects.filter(pk=InventoryFactory(quantity=3).pk).update(quantity=4)
    assert broken() == {"stock_equals_movements"}


@pytest.mark.req("CATL-04")
def test_invariants_find_a_wrong_flag():
    InventoryFactory(quantity=3)
    Book.objects.update(is_in_stock=False)
    assert broken() == {"in_stock_flag_true"}


@pytest.mark.req("CATL-03")
def test_invariants_find_negative_stock_without_its_constraint():
    row = InventoryFactory(quantity=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE catalog_inventory DROP CONSTRAINT inventory_quantity_not_negative"
        )
    Inventory.objects.filter(pk=row.pk).update(quantity=-1)
    assert broken() == {"stock_not_negative", "stock_equals_movements", "in_stock_flag_true"}
