"""Changing many prices on the desk: choose, look, apply, undo."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Book, PriceEdit
from catalog.selectors import prices as price_plans
from catalog.tests.factories import BookFactory
from core.admin import confirm
from core.models import AuditEntry
from core.roles import Role

pytestmark = [pytest.mark.req("CATL-01"), pytest.mark.django_db]
BOOKS = reverse("admin:catalog_book_changelist")
EDIT = reverse("admin:catalog_priceedit_add")
PERCENT = {"kind": "percent", "value": "10", "rounding": ".90"}


def chosen(client, books, **more):
    """Run the action on ticked books; return the address it leads to."""
    said = {"action": "change_prices", "_selected_action": [book.pk for book in books]} | more
    answer = client.post(BOOKS, said)
    assert answer.status_code == 302
    return answer.headers["Location"]


def previewed(client, where, rule=PERCENT):
    address = where + "".join(f"&{name}={value}" for name, value in rule.items())
    return address, client.get(address)


def sent(client, address, page, **more):
    return client.post(address, {"fingerprint": page.context["plan"].fingerprint} | more)


def prices():
    return [str(price) for price in Book.objects.order_by("pk").values_list("price", flat=True)]


@pytest.fixture
def books():
    return [BookFactory(price=Decimal(price)) for price in ("10.00", "20.00", "1.00")]


def test_ticked_books_are_previewed_changed_and_changed_back(manager, books):
    where = chosen(manager, books[:2])
    address, page = previewed(manager, where)
    assert [(row.old, row.new) for row in page.context["shown"]] == [
        (Decimal("10.00"), Decimal("10.90")),
        (Decimal("20.00"), Decimal("21.90")),
    ]
    assert prices() == ["10.00", "20.00", "1.00"]

    done = sent(manager, address, page)

    edit = PriceEdit.objects.get()
    own_page = reverse("admin:catalog_priceedit_change", args=[edit.pk])
    assert (done.status_code, done.headers["Location"]) == (303, own_page)
    assert (prices(), edit.actor_id) == (["10.90", "21.90", "1.00"], manager.user.pk)
    shown = manager.get(own_page).content.decode()
    assert ("2 prices were changed." in shown, "+10 %, to a price" in shown) == (True, True)

    undo = reverse("admin:catalog_priceedit_undo", args=[edit.pk])
    manager.post(undo, {"_form_submitted": "on"})
    assert prices() == ["10.00", "20.00", "1.00"]
    assert "2 old prices are back." in manager.get(own_page).content.decode()
    assert manager.post(undo, {"_form_submitted": "on"}).status_code in (302, 403)
    assert prices() == ["10.00", "20.00", "1.00"]


def test_whole_list_is_what_its_filters_say_not_one_page_of_it(manager, books):
    BookFactory(price=None)
    said = {"action": "change_prices", "_selected_action": [books[0].pk], "select_across": "1"}
    where = manager.post(f"{BOOKS}?priced=yes&p=1", said).headers["Location"]
    address, page = previewed(manager, where, {"kind": "exact", "value": "7"})
    assert len(page.context["plan"].changes) == 3
    sent(manager, address, page)
    assert prices() == ["7.00", "7.00", "7.00", "None"]


def test_odd_changes_are_shown_by_themselves(manager, books):
    _, page = previewed(manager, chosen(manager, books), {"kind": "amount", "value": "-4"})
    assert [row.book_id for row in page.context["odd"]] == [books[2].pk]
    assert "Look at this one" in page.content.decode()


def test_many_rows_ask_for_a_typed_word(manager, books, monkeypatch):
    monkeypatch.setattr(confirm, "FEW", 2)
    address, page = previewed(manager, chosen(manager, books))

    refused = sent(manager, address, page, word="yes")

    assert (refused.status_code, prices()) == (422, ["10.00", "20.00", "1.00"])
    assert "type the word “change”" in refused.content.decode()
    assert sent(manager, address, page, word=" Change ").status_code == 303
    assert prices() == ["10.90", "21.90", "0.90"]


def test_preview_that_is_out_of_date_is_shown_again(manager, books):
    address, page = previewed(manager, chosen(manager, books))
    Book.objects.filter(pk=books[0].pk).update(price=Decimal("50.00"))

    refused = sent(manager, address, page)

    assert refused.status_code == 409
    assert "Nothing was done; please look again." in refused.content.decode()
    assert refused.context["shown"][0].old == Decimal("50.00")
    assert (PriceEdit.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_more_books_than_one_edit_takes_are_refused(manager, books, monkeypatch):
    monkeypatch.setattr(price_plans, "MOST_BOOKS", 2)
    address, page = previewed(manager, chosen(manager, books))
    assert "Narrow the list" in page.content.decode()
    assert "plan" not in page.context
    assert manager.post(address, {"fingerprint": "x"}).status_code == 200
    assert prices() == ["10.00", "20.00", "1.00"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("percent", "-101"), ("percent", "1001"), ("exact", "-1"), ("exact", "NaN"), ("odd", "1")],
)
def test_senseless_rules_come_back_to_the_form(manager, books, kind, value):
    _, page = previewed(manager, chosen(manager, books), {"kind": kind, "value": value})
    assert page.context["form"].is_valid() is False
    assert ("plan" in page.context, page.status_code) == (False, 200)


@pytest.mark.parametrize("ids", ["x", "1,,2", "9" * 30, "1;2"])
def test_ids_that_cannot_be_are_a_bad_request(manager, ids):
    assert manager.get(EDIT, {"ids": ids}).status_code == 400


@pytest.mark.parametrize("query", ["nonsense=1", "genre=x", "q=%00", "o=99.-99", "password=x"])
def test_lists_that_cannot_be_do_no_harm(manager, query):
    assert manager.get(EDIT, {"list": query} | PERCENT).status_code in (200, 400)


def test_page_without_a_choice_says_how_to_choose(manager):
    assert "tick them in the list of books" in manager.get(EDIT).content.decode()


def test_employees_neither_see_nor_do_it(desk, books):
    employee = desk(Role.EMPLOYEE)
    assert "change_prices" not in employee.get(BOOKS).content.decode()
    where = f"{EDIT}?ids={books[0].pk}&kind=exact&value=1"
    answers = [employee.get(where).status_code, employee.post(where, {}).status_code]
    edit = PriceEdit.objects.create(rule={})
    undo = reverse("admin:catalog_priceedit_undo", args=[edit.pk])
    answers.append(employee.post(undo, {"_form_submitted": "on"}).status_code)
    assert (answers, prices()) == ([403, 403, 403], ["10.00", "20.00", "1.00"])
