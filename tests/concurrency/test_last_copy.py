"""Stock 1, fifty buyers at once, over real connections; and the same without locks."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection, connections

from catalog.errors import InsufficientStock
from catalog.models import Inventory
from commerce.models import Cart, Order
from commerce.services import checkout
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart
from core import locks
from core.invariants import check_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("COMM-02")]
BUYERS = 50


def buy_at_once(users):
    """Let every user check out at the same moment; return how each attempt ended."""
    barrier = Barrier(len(users))

    def buy(user):
        try:
            barrier.wait(timeout=30)
            checkout.check_out(user=user, request=DELIVERY)
        except Exception as error:  # noqa: BLE001  # every ending is counted
            return type(error).__name__
        else:
            return "bought"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(users)) as pool:
        return Counter(pool.map(buy, users))


def lock_nothing_but_meet_over(model):
    """Return a lock helper that forgets to lock; readers of `model` go on in pairs.

    So two of them have surely seen the same rows before either writes, however slow the machine.
    """
    pair = Barrier(2, timeout=10)

    def lock_nothing(queryset, **kwargs):
        assert connection.in_atomic_block
        rows = list(queryset.order_by("pk"))
        if queryset.model is model:
            with suppress(BrokenBarrierError):
                pair.wait()
        return rows

    return lock_nothing


def deadlocks_so_far():
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()


@pytest.fixture
def last_copy():
    warehouse = WarehouseFactory()
    return stocked_book(warehouse, 1)


def test_last_copy_is_sold_once(last_copy):
    users = [user_with_cart(last_copy) for _ in range(BUYERS)]

    endings = buy_at_once(users)

    assert endings == {"bought": 1, InsufficientStock.__name__: BUYERS - 1}
    assert Inventory.objects.get(book=last_copy).quantity == 0
    assert Order.objects.count() == 1
    assert [v.invariant.name for v in check_all() if v.breaches] == []


def test_control_without_locks_only_the_constraint_saves_us(last_copy, monkeypatch):
    """Without the lock all buyers see one copy: something else than a refusal must end it."""
    users = [user_with_cart(last_copy) for _ in range(BUYERS)]
    monkeypatch.setattr(locks, "lock_rows", lock_nothing_but_meet_over(Inventory))

    endings = buy_at_once(users)

    assert endings.keys() - {"bought", InsufficientStock.__name__} == {"IntegrityError"}


def test_one_cart_bought_from_many_devices_is_one_order(last_copy):
    user = user_with_cart(last_copy)

    endings = buy_at_once([user] * 20)

    assert endings == {"bought": 1, "CartEmpty": 19}
    assert Order.objects.count() == 1


def test_control_without_locks_one_cart_meets_the_constraint(monkeypatch):
    book = stocked_book(WarehouseFactory(), 100)
    user = user_with_cart(book)
    monkeypatch.setattr(locks, "lock_rows", lock_nothing_but_meet_over(Cart))

    endings = buy_at_once([user] * 20)

    assert endings["IntegrityError"] > 0


def test_opposite_orders_of_lines_do_not_deadlock():
    warehouse = WarehouseFactory()
    first, second = stocked_book(warehouse, 100), stocked_book(warehouse, 100)
    there = [user_with_cart(first, second) for _ in range(15)]
    back = [user_with_cart(second, first) for _ in range(15)]

    before = deadlocks_so_far()

    endings = buy_at_once(there + back)

    assert endings == {"bought": 30}
    assert deadlocks_so_far() == before
    assert set(Inventory.objects.values_list("quantity", flat=True)) == {70}
