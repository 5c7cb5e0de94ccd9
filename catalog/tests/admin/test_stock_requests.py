"""Stock requests on the staff desk: asking, seeing, deciding singly and in bulk; T062."""

import pytest

from catalog.models import StockRequest
from catalog.services import stock_requests
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.models import AuditEntry
from tests.staff.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-05")]
LIST = "/admin/catalog/stockrequest/"


@pytest.fixture
def shelf():
    return InventoryFactory(quantity=1)


@pytest.fixture
def tied(tied_to, shelf):
    """A client of an employee who works in the branch of `shelf`."""
    return tied_to(shelf.branch)


def ask(client, shelf, quantity=2):
    return stock_requests.create_request(
        user=client.user,
        book_id=shelf.book_id,
        branch_id=shelf.branch_id,
        kind="ADD_QUANTITY",
        quantity=quantity,
        reason="",
    )


def listed(client, **query):
    return {row.pk for row in client.get(LIST, query).context["cl"].result_list}


def press(client, asked, button, note=""):
    said = {"_form_submitted": "on", "note": note}
    return client.post(f"{LIST}{asked.pk}/{button}/", said)


def quantity_of(shelf):
    shelf.refresh_from_db()
    return shelf.quantity


def test_employee_asks_from_the_books_page(tied, shelf):
    book_page = tied.get(f"/admin/catalog/book/{shelf.book_id}/change/").content.decode()
    add = f"{LIST}add/?book={shelf.book_id}"
    assert f'href="{add}"' in book_page

    form = tied.get(add)
    data = filled(form, branch=shelf.branch_id, type="ADD_QUANTITY", quantity=3, reason="Club")
    assert tied.post(f"{LIST}add/", data).status_code == 302

    asked = StockRequest.objects.get()
    assert (asked.book, asked.branch, asked.quantity, asked.reason) == (
        shelf.book,
        shelf.branch,
        3,
        "Club",
    )
    assert asked.requested_by_id == tied.user.pk
    assert AuditEntry.objects.filter(action="stock_request.created").count() == 1


def test_employee_is_offered_their_branches_only(tied, shelf):
    foreign = BranchFactory()
    form = tied.get(f"{LIST}add/")
    offered = form.context["adminform"].form.fields["branch"].queryset
    assert list(offered) == [shelf.branch]
    initial = form.context["adminform"].form.initial
    assert (initial["branch"], initial["type"]) == (shelf.branch_id, "ADD_QUANTITY")

    data = filled(form, book=shelf.book_id, branch=foreign.pk, type="ADD_QUANTITY", quantity=3)
    assert tied.post(f"{LIST}add/", data).status_code == 200
    assert StockRequest.objects.count() == 0


def test_senseless_wish_comes_back_to_the_form(tied, shelf):
    data = filled(
        tied.get(f"{LIST}add/"),
        book=shelf.book_id,
        branch=shelf.branch_id,
        type="ADD_QUANTITY",
        quantity=0,
    )
    answer = tied.post(f"{LIST}add/", data)
    errors = answer.context["adminform"].form.errors
    assert (answer.status_code, errors) == (200, {"quantity": ["Ask for at least one copy."]})
    assert StockRequest.objects.count() == 0


def test_tied_employee_sees_their_branches_requests_only(tied, manager, shelf):
    here = ask(manager, shelf)
    there = ask(manager, InventoryFactory())
    assert listed(tied) == {here.pk}
    assert listed(manager) == {here.pk, there.pk}
    pages = [tied.get(f"{LIST}{asked.pk}/change/").status_code for asked in (here, there)]
    assert pages == [200, 404]


def test_manager_decides_with_a_note(tied, manager, shelf):
    first, second = ask(tied, shelf), ask(tied, shelf, quantity=3)

    assert press(manager, first, "approve", "On the van").status_code == 302
    assert press(manager, second, "reject").status_code == 302

    decided = StockRequest.objects.order_by("pk").values_list("status", "note", "reviewed_by_id")
    assert list(decided) == [
        ("APPROVED", "On the van", manager.user.pk),
        ("REJECTED", "", manager.user.pk),
    ]
    assert quantity_of(shelf) == 3


def test_decided_request_offers_no_buttons_and_refuses(tied, manager, shelf):
    asked = ask(tied, shelf)
    page = f"{LIST}{asked.pk}/change/"
    buttons = [f"{LIST}{asked.pk}/{button}/" for button in ("approve", "reject")]
    assert all(each in manager.get(page).content.decode() for each in buttons)
    press(manager, asked, "approve")
    shown = manager.get(page).content.decode()
    assert not any(each in shown for each in buttons)

    answer = manager.post(
        buttons[1], {"_form_submitted": "on", "note": ""}, follow=True
    ).content.decode()
    assert "This stock request was reviewed already." in answer
    assert quantity_of(shelf) == 3


def test_many_are_decided_each_for_itself(tied, manager, shelf):
    done, waiting = ask(tied, shelf, quantity=3), ask(tied, shelf)
    press(manager, done, "reject")

    said = {"action": "approve_selected", "_selected_action": [done.pk, waiting.pk]}
    answer = manager.post(LIST, said, follow=True)

    told = [str(message) for message in answer.context["messages"]]
    assert told[-2:] == [
        f"{shelf.book.title}: This stock request was reviewed already.",
        "1 request approved.",
    ]
    assert quantity_of(shelf) == 3


def test_employee_decides_nothing(tied, shelf):
    asked = ask(tied, shelf)
    assert press(tied, asked, "approve").status_code == 403
    tied.post(LIST, {"action": "approve_selected", "_selected_action": [asked.pk]})
    asked.refresh_from_db()
    assert (asked.status, quantity_of(shelf)) == ("PENDING", 1)


def test_search_and_status_narrow_the_list(manager):
    first, second = (
        ask(manager, InventoryFactory(book=BookFactory(title=title))) for title in ("Emma", "Dune")
    )
    press(manager, first, "reject")
    assert listed(manager, status__exact="PENDING") == {second.pk}
    assert listed(manager, q=first.book.isbn13) == {first.pk}
