"""Two managers edit the same prices at once; the control shows the fault without locks."""

import threading
from decimal import Decimal

import pytest

from catalog.enums import PriceRuleKind
from catalog.models import Book, PriceChange, PriceEdit
from catalog.selectors import prices as price_plans
from catalog.services import prices
from catalog.tests.factories import BookFactory
from core import locks
from tests.fixtures.at_once import DONE, all_at_once

pytestmark = [pytest.mark.req("CATL-01", "BASE-05"), pytest.mark.django_db(transaction=True)]
MANAGERS = 2
BOOKS = 5


@pytest.fixture
def plan():
    """Five books at 10.00 on their way to 11.00, as both managers saw them."""
    for _ in range(BOOKS):
        BookFactory(price=Decimal("10.00"))
    rule = price_plans.PriceRule(PriceRuleKind.PERCENT, Decimal(10))
    return price_plans.plan(Book.objects.all(), rule)


def both_apply(plan):
    endings = all_at_once(
        lambda _: prices.apply_plan(plan=plan, fingerprint=plan.fingerprint, actor_id=None),
        MANAGERS,
    )
    assert [ending for ending, _ in endings] == [DONE] * MANAGERS
    return sum(outcome.changed for _, outcome in endings)


def test_each_book_is_changed_by_one_of_two_edits(plan):
    changed = both_apply(plan)

    assert (changed, PriceChange.objects.count()) == (BOOKS, BOOKS)
    assert set(Book.objects.values_list("price", "version")) == {(Decimal("11.00"), 2)}


def test_without_locks_both_claim_the_same_books(plan, monkeypatch):
    looked = threading.Barrier(MANAGERS)

    def look_only(queryset, **kwargs):
        rows = list(queryset)
        looked.wait(timeout=10)
        return rows

    monkeypatch.setattr(locks, "lock_rows", look_only)

    assert both_apply(plan) == MANAGERS * BOOKS
    assert PriceChange.objects.count() == MANAGERS * BOOKS


def test_undone_by_two_at_once_is_undone_once(plan):
    outcome = prices.apply_plan(plan=plan, fingerprint=plan.fingerprint, actor_id=None)

    endings = all_at_once(lambda _: prices.undo(edit_id=outcome.edit_id, actor_id=None), MANAGERS)

    assert sorted(ending for ending, _ in endings) == sorted(["PriceEditUndone", DONE])
    assert set(Book.objects.values_list("price", "version")) == {(Decimal("10.00"), 3)}
    assert PriceEdit.objects.get().undone_at is not None


def test_edit_and_hand_meet_and_neither_is_lost(plan):
    """Somebody saves one book by hand while the edit runs: the last word is one of theirs."""
    by_hand = Book.objects.order_by("pk")[2]

    def work(number):
        if number:
            Book.objects.filter(pk=by_hand.pk).update(price=Decimal("50.00"))
            return None
        return prices.apply_plan(plan=plan, fingerprint=plan.fingerprint, actor_id=None)

    ((_, outcome), _) = all_at_once(work, MANAGERS)
    by_hand.refresh_from_db()
    # After the edit, or before it, when the edit leaves the book alone: 50.00 stands either way.
    assert (by_hand.price, outcome.changed in (BOOKS, BOOKS - 1)) == (Decimal("50.00"), True)
