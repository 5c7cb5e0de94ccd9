"""T006: a branch's last copy goes to another branch and to a buyer at the same moment."""

from threading import Barrier

import pytest
from django.db import connection

from catalog.models import Inventory
from catalog.services import stock
from catalog.tests.factories import BranchFactory
from commerce.models import Order
from commerce.services import checkout
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart
from core import locks
from core.invariants import check_all
from tests.fixtures.at_once import DONE, all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("CATL-04")]
ROUNDS = 50
SHORT = "InsufficientStock"


@pytest.fixture
def branches():
    """The warehouse, which ships, and a shop."""
    return WarehouseFactory(), BranchFactory()


def last_copy(here, there):
    """A book with one copy here and five there, in a buyer's cart."""
    book = stocked_book(here, 1)
    stock.set_quantity(book_id=book.pk, branch_id=there.pk, quantity=5, actor_id=None)
    return book, user_with_cart(book)


def sent_and_bought(book, user, here, there):
    """Send the copy and buy it at once; return how either ended."""

    def send():
        stock.transfer(
            book_id=book.pk,
            from_branch_id=here.pk,
            to_branch_id=there.pk,
            copies=1,
            actor_id=None,
        )

    def buy():
        checkout.check_out(user=user, request=DELIVERY)

    jobs = [send, buy]
    return tuple(ending for ending, _ in all_at_once(lambda number: jobs[number](), 2))


def quantities(book, *branches):
    stored = dict(Inventory.objects.filter(book=book).values_list("branch_id", "quantity"))
    return [stored[branch.pk] for branch in branches]


def test_last_copy_is_sent_or_sold_never_both(branches):
    here, there = branches
    endings = set()
    for _ in range(ROUNDS):
        book, user = last_copy(here, there)
        ending = sent_and_bought(book, user, here, there)
        endings.add(ending)
        if ending == (DONE, SHORT):
            assert quantities(book, here, there) == [0, 6]
            assert not Order.objects.filter(lines__book=book).exists()
        else:
            assert ending == (SHORT, DONE)
            assert quantities(book, here, there) == [0, 5]
            assert Order.objects.get(lines__book=book).branch == here
    assert endings <= {(DONE, SHORT), (SHORT, DONE)}
    assert [verdict.invariant.name for verdict in check_all() if verdict.breaches] == []


def test_control_without_locks_only_the_constraint_saves_us(branches, monkeypatch):
    here, there = branches
    book, user = last_copy(here, there)
    pair = Barrier(2)

    def lock_nothing(queryset, **kwargs):
        assert connection.in_atomic_block
        rows = list(queryset.order_by("pk"))
        if queryset.model is Inventory:
            pair.wait(timeout=10)
        return rows

    monkeypatch.setattr(locks, "lock_rows", lock_nothing)
    assert "IntegrityError" in sent_and_bought(book, user, here, there)
