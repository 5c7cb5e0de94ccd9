"""The palette: an ISBN at once, pages, things to do; few queries, nothing a role may not see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.validators import hyphenated
from core.roles import Role
from tests.staff import rows

pytestmark = [pytest.mark.req("OPS-05"), pytest.mark.django_db]
SEARCH = reverse("admin:search")


def found(client, term):
    """Titles and links of what the palette shows."""
    context = client.get(SEARCH, {"s": term}).context
    return [(str(hit.title), hit.link) for hit in context["results"]] if context else []


def titles(client, term):
    return [title for title, _ in found(client, term)]


def test_isbn_in_any_spelling_is_its_book_and_nothing_else(desk):
    book = rows.whole_book(title="Emma")
    rows.order(book)
    employee = desk(Role.EMPLOYEE)
    page = reverse("admin:catalog_book_change", args=[book.pk])
    for said in (book.isbn13, hyphenated(book.isbn13), f" {book.isbn13} "):
        with CaptureQueriesContext(connection) as captured:
            assert found(employee, said) == [("Emma", page)]
        assert len(captured) == 3  # session, user, book


def test_isbn_of_no_book_finds_nothing(desk):
    rows.order()
    assert found(desk(Role.MANAGER), "9780306406157") == []


def test_pages_and_actions_are_found_by_their_words(desk):
    manager, employee = desk(Role.MANAGER), desk(Role.EMPLOYEE)
    assert titles(manager, "new bo") == ["New book"]
    assert titles(manager, "price") == ["Change prices", "Price edits"]
    assert titles(manager, "audit") == ["Audit"]
    assert [titles(employee, term) for term in ("new bo", "price", "audit")] == [[], [], []]
    assert dict(found(manager, "orders"))["Orders"] == reverse("admin:commerce_order_changelist")


def test_order_is_found_by_number_and_buyer_by_who_may(desk):
    order = rows.order(number="7K2M-9QXT")
    employee = desk(Role.EMPLOYEE)
    for term in ("7k2m", order.contact.email):
        assert "7K2M-9QXT" in titles(employee, term)
    page = employee.get(SEARCH, {"s": "7k2m"}).content.decode()
    assert "Confirmed, " in page


def test_a_term_costs_at_most_fifteen_queries_however_much_there_is(desk):
    def asked(client):
        with CaptureQueriesContext(connection) as captured:
            client.get(SEARCH, {"s": "a"})
            client.get(SEARCH, {"s": "publisher"})
        return len(captured)

    administrator = desk(Role.ADMIN)
    rows.everything()
    at_one = asked(administrator)
    rows.everything()
    rows.everything()
    assert (asked(administrator), at_one <= 2 + 15) == (at_one, True)


def test_answer_is_never_kept(desk):
    answer = desk(Role.EMPLOYEE).get(SEARCH, {"s": "books"})
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.context["command_show_history"] is False
