"""Price edits: applied and undone as a whole, with versions and an audit trail."""

import uuid
from decimal import Decimal

import pytest

from catalog import errors
from catalog.enums import PriceRuleKind
from catalog.models import Book, PriceChange, PriceEdit
from catalog.selectors import prices as price_plans
from catalog.services import prices
from catalog.tests.factories import BookFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.req("CATL-01", "OPS-03"), pytest.mark.django_db]
ACTOR = uuid.uuid4()


def planned(value="10", kind=PriceRuleKind.PERCENT):
    rule = price_plans.PriceRule(kind, Decimal(value))
    return price_plans.plan(Book.objects.all(), rule)


def applied(plan):
    return prices.apply_plan(plan=plan, fingerprint=plan.fingerprint, actor_id=ACTOR)


def prices_now():
    return [str(price) for price in Book.objects.order_by("pk").values_list("price", flat=True)]


@pytest.fixture
def books():
    return [BookFactory(price=Decimal(price)) for price in ("10.00", "20.00", "30.00")]


def test_edit_changes_prices_and_versions_and_tells_of_each(books, monkeypatch):
    monkeypatch.setattr(prices, "BATCH", 2)

    outcome = applied(planned())

    assert prices_now() == ["11.00", "22.00", "33.00"]
    assert (outcome.changed, outcome.left_alone) == (3, [])
    assert set(Book.objects.values_list("version", flat=True)) == {2}
    told = AuditEntry.objects.filter(action="book.repriced").order_by("id")
    assert [(row.entity_id, row.old_value, row.new_value) for row in told] == [
        (str(book.pk), {"price": f"{book.price:.2f}"}, {"price": new})
        for book, new in zip(books, ["11.00", "22.00", "33.00"], strict=True)
    ]
    assert {(row.actor_id, row.context["price_edit"]) for row in told} == {
        (ACTOR, str(outcome.edit_id))
    }
    edit = PriceEdit.objects.get()
    assert edit.rule == {
        "kind": "percent",
        "value": "10",
        "rounding": "0.01",
        "changed": 3,
    }
    assert edit.changes.count() == 3


def test_undoing_gives_every_price_back(books):
    outcome = applied(planned())
    Book.objects.filter(pk=books[1].pk).update(price=Decimal("5.00"))

    undone = prices.undo(edit_id=outcome.edit_id, actor_id=ACTOR)

    assert prices_now() == ["10.00", "5.00", "30.00"]
    assert (undone.changed, undone.left_alone) == (2, [books[1].pk])
    assert AuditEntry.objects.filter(action="book.repriced").count() == 5
    assert list(Book.objects.order_by("pk").values_list("version", flat=True)) == [3, 2, 3]


def test_prices_that_there_were_not_are_taken_away_again():
    BookFactory(price=None)
    outcome = applied(planned("12.00", PriceRuleKind.EXACT))
    assert prices_now() == ["12.00"]
    prices.undo(edit_id=outcome.edit_id, actor_id=ACTOR)
    assert Book.objects.get().price is None


def test_edit_is_undone_once(books):
    outcome = applied(planned())
    prices.undo(edit_id=outcome.edit_id, actor_id=ACTOR)
    before = (prices_now(), AuditEntry.objects.count())
    with pytest.raises(errors.PriceEditUndone):
        prices.undo(edit_id=outcome.edit_id, actor_id=ACTOR)
    with pytest.raises(errors.PriceEditNotFound):
        prices.undo(edit_id=uuid.uuid4(), actor_id=ACTOR)
    assert (prices_now(), AuditEntry.objects.count()) == before


def test_plan_that_nobody_looked_at_is_refused(books):
    seen = planned()
    Book.objects.filter(pk=books[0].pk).update(price=Decimal("99.00"))

    with pytest.raises(errors.PricesChangedMeanwhile):
        prices.apply_plan(plan=planned(), fingerprint=seen.fingerprint, actor_id=ACTOR)

    assert prices_now() == ["99.00", "20.00", "30.00"]
    assert (PriceEdit.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_book_that_changed_after_the_plan_is_left_alone(books):
    plan = planned()
    Book.objects.filter(pk=books[0].pk).update(price=Decimal("99.00"))
    Book.objects.filter(pk=books[2].pk).update(deleted_at="2026-01-01T00:00:00Z")

    outcome = applied(plan)

    assert prices_now() == ["99.00", "22.00", "30.00"]
    assert (outcome.changed, outcome.left_alone) == (1, [books[0].pk, books[2].pk])
    assert [change.book_id for change in PriceChange.objects.all()] == [books[1].pk]


def test_number_of_statements_follows_batches_not_books(books, django_assert_max_num_queries):
    for _ in range(20):
        BookFactory(price=Decimal("7.00"))
    plan = planned()
    with django_assert_max_num_queries(14):
        applied(plan)
