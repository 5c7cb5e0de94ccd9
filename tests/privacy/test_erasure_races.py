"""T100: a deletion and a checkout of the same person at once, over real connections.

Either the order is there and the deletion is refused, or the account is gone and the checkout is
refused; never an order on its way to nobody. The control shows that without locks there is one.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, connections

from accounts.models import User
from accounts.services import erasure
from accounts.tests.factories import PASSWORD, UserFactory
from catalog.services import stock
from commerce.models import Cart, Order, OrderContact
from commerce.services import carts, checkout
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart
from core import locks, privacy
from core.invariants import check_all
from tests.fixtures.at_once import all_at_once, count_endings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("AUTH-12")]

WAITING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
def book():
    return stocked_book(WarehouseFactory(), 50)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(max_workers=2) as threads:
        yield threads


def ending_of(work):
    """Run `work` on a connection of its own; say how it ended."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  # every ending is told
        return type(error).__name__
    else:
        return "done"
    finally:
        connections.close_all()


def delete(user):
    erasure.delete_account(user=user, password=PASSWORD, has_fresh_proof=False)


def buy(user):
    checkout.check_out(user=user, request=DELIVERY)


def ended_or_waiting(rival):
    """Wait until the rival is through, or stands before a lock."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            # Within a transaction the view shows what it showed first.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if rival.done() or cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("the rival neither ended nor waited")


def before(monkeypatch, owner, name, work):
    """Do `work` once, right before the first call of a function."""
    original = getattr(owner, name)
    done = []

    def rivalled(*args, **kwargs):
        if not done:
            done.append(True)
            work()
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, rivalled)


def nothing_is_broken():
    return [verdict.invariant.name for verdict in check_all() if verdict.breaches] == []


def test_checkout_that_comes_second_is_refused(book, pool, monkeypatch):
    user = user_with_cart(book)
    rivals = []

    def rival():
        rivals.append(pool.submit(ending_of, lambda: buy(user)))
        ended_or_waiting(rivals[0])

    before(monkeypatch, privacy, "erase_everything", rival)
    delete(user)

    assert rivals[0].result() == "CartEmpty"
    assert [model.objects.count() for model in (User, Cart, Order, OrderContact)] == [0, 0, 0, 0]
    assert nothing_is_broken()


def test_control_without_locks_a_paid_order_goes_to_nobody(book, pool, monkeypatch):
    user = user_with_cart(book)
    rivals = []

    def rival():
        rivals.append(pool.submit(ending_of, lambda: buy(user)))
        ended_or_waiting(rivals[0])

    monkeypatch.setattr(locks, "lock_rows", lambda queryset, **_how: list(queryset.order_by("pk")))
    before(monkeypatch, privacy, "erase_everything", rival)
    delete(user)

    assert rivals[0].result() == "done"
    assert Order.objects.get().status == "CONFIRMED"
    assert OrderContact.objects.count() == 0


def test_deletion_that_comes_second_is_refused(book, pool, monkeypatch):
    user = user_with_cart(book)
    rivals = []

    def rival():
        rivals.append(pool.submit(ending_of, lambda: delete(user)))
        ended_or_waiting(rivals[0])

    before(monkeypatch, stock, "take_stock", rival)
    buy(user)

    assert rivals[0].result() == "OrderOpen"
    assert Order.objects.get().user == user
    assert OrderContact.objects.count() == 1
    assert nothing_is_broken()


def test_cart_made_after_the_carts_were_locked_is_noticed(book, pool, monkeypatch):
    """It cannot be waited for: its checkout will want the user's row, which the deletion holds."""
    user = UserFactory()
    may_go_on, holds_the_cart = Event(), Event()
    rivals = []

    def fill_and_buy():
        carts.add_book(user=user, book_id=book.pk, quantity=1)
        buy(user)

    def hold():
        holds_the_cart.set()
        assert may_go_on.wait(timeout=10)

    def rival():
        rivals.append(pool.submit(ending_of, fill_and_buy))
        assert holds_the_cart.wait(timeout=10)

    before(monkeypatch, stock, "take_stock", hold)
    before(monkeypatch, erasure, "_locked_user", rival)
    ending = ending_of(lambda: delete(user))
    may_go_on.set()

    assert (ending, rivals[0].result()) == ("Busy", "done")
    assert Order.objects.get().user == user
    assert OrderContact.objects.count() == 1
    assert nothing_is_broken()


def test_whoever_wins_nothing_is_left_half_done(book):
    rounds = 15
    endings = Counter()
    for _ in range(rounds):
        user = user_with_cart(book)

        def leave_or_buy(number, user=user):
            (delete, buy)[number](user)

        (leaving, _), (buying, _) = all_at_once(leave_or_buy, 2)
        endings[leaving, buying] += 1

    assert set(endings) <= {("done", "CartEmpty"), ("OrderOpen", "done")}
    assert Order.objects.count() == endings["OrderOpen", "done"]
    assert Order.objects.filter(user=None).count() == 0
    assert OrderContact.objects.count() == Order.objects.count()
    assert nothing_is_broken()


def test_of_two_deletions_at_once_one_succeeds():
    user = UserFactory()

    endings = all_at_once(lambda _: delete(user), 2)

    assert count_endings(endings) == {"done": 1, "NotFound": 1}
    assert User.objects.count() == 0
