"""The demo shop, loaded for real."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from accounts.models import User
from bookstore.demo import loader, people, shelves
from catalog.models import Book, BookGenre, Branch, BranchStaff, Genre, Inventory
from commerce.models import DeliverySlot
from core.invariants import check_all
from core.models import AuditEntry
from engagement.models import StaffPick

pytestmark = pytest.mark.django_db


def counts():
    models = (User, Book, Branch, Genre, BookGenre, Inventory, DeliverySlot, StaffPick)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.req("CATL-06")
def test_load_fills_the_shop_and_leaves_it_consistent():
    assert loader.load() is True
    found = counts()
    assert found["Book"] >= 300
    assert found["Branch"] == 5
    assert found["Inventory"] == found["Book"] * found["Branch"]
    assert (found["User"], found["DeliverySlot"]) == (4, 33)
    assert found["StaffPick"] >= 10
    assert [verdict.invariant.name for verdict in check_all() if verdict.breaches] == []


@pytest.mark.req("CATL-06")
def test_load_has_books_in_every_state_of_stock():
    loader.load()
    nowhere = Book.objects.filter(is_in_stock=False)
    shops_only = Book.objects.filter(
        is_in_stock=True, inventory__branch__is_warehouse=True, inventory__quantity=0
    )
    last_copy = Book.objects.alias(copies=Sum("inventory__quantity")).filter(copies=1)
    not_for_sale = Book.objects.filter(price=None)
    assert all(books.exists() for books in (nowhere, shops_only, last_copy, not_for_sale))


@pytest.mark.req("CATL-06")
def test_load_again_is_one_question(django_assert_num_queries):
    loader.load()
    before = counts()
    with django_assert_num_queries(1):
        assert loader.load() is False
    assert counts() == before


@pytest.mark.req("CATL-06")
def test_load_another_version_keeps_what_happened_meanwhile(monkeypatch):
    loader.load()
    before, entries = counts(), AuditEntry.objects.count()
    monkeypatch.setattr(loader, "_version", lambda: "another")
    assert loader.load() is True
    assert counts() == before
    assert AuditEntry.objects.count() == entries + 1


@pytest.mark.req("AUTH-01")
def test_load_makes_a_verified_login_for_each_role():
    loader.load()
    users = User.objects.order_by("email")
    assert [(user.email, user.role) for user in users] == [
        ("admin@example.com", "ADMIN"),
        ("employee@example.com", "EMPLOYEE"),
        ("manager@example.com", "MANAGER"),
        ("reader@example.com", "CUSTOMER"),
    ]
    assert all(user.is_verified and user.check_password(people.PASSWORD) for user in users)


@pytest.mark.req("CATL-06")
def test_every_genre_that_a_book_names_is_in_the_tree():
    known = {entry["slug"] for entry in shelves.genre_entries()}
    named = {slug for book in shelves.book_entries() for slug in book["genres"]}
    assert named - known == set()


@pytest.mark.req("CATL-06")
def test_load_demo_refuses_a_shop_that_is_no_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="no demo shop"):
        call_command("load_demo")
    assert (Book.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.req("CATL-06")
def test_load_demo_says_what_it_did(settings):
    settings.DEMO = False
    said = StringIO()
    call_command("load_demo", "--force", stdout=said)
    settings.DEMO = True
    call_command("load_demo", stdout=said)
    assert said.getvalue().splitlines() == ["The demo shop is loaded.", "The demo shop is there."]


@pytest.mark.req("AUTH-05")
def test_employee_works_somewhere():
    loader.load()
    ties = BranchStaff.objects.order_by("branch__slug")
    assert list(ties.values_list("user__email", "branch__slug")) == [
        ("employee@example.com", "haifa"),
        ("employee@example.com", "warehouse"),
    ]
