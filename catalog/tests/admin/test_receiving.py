"""Receiving on the staff desk, by forms alone: what the page does without JavaScript; T062."""

import pytest

from catalog.models import Inventory, StockMovement
from catalog.selectors import receiving
from catalog.tests.factories import BookFactory, BranchFactory
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-04")]
PAGE = "/admin/catalog/inventory/receiving/"
ISBN = "9780141439518"


@pytest.fixture
def book():
    return BookFactory(title="Emma", isbn13=ISBN)


@pytest.fixture
def branch():
    return BranchFactory(name="Haifa")


@pytest.fixture
def tied(tied_to, branch):
    """A client of an employee who works in `branch`."""
    return tied_to(branch)


def address(branch, note="DN-7", mode="receive"):
    return f"{PAGE}?mode={mode}&branch={branch.pk}&note={note}"


def scan(client, branch, code=ISBN, copies=1, scan=None, mode="receive", **kwargs):
    said = {"code": code, "copies": copies, "scan": scan or receiving.new_scan()}
    return client.post(address(branch, mode=mode), said, **kwargs)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def quantity():
    return sum(Inventory.objects.values_list("quantity", flat=True))


def test_scan_adds_a_copy_and_leads_back_to_the_field(tied, branch, book):
    answer = scan(tied, branch)
    assert (answer.status_code, answer.headers["Location"]) == (303, address(branch))

    shown = tied.get(address(branch))

    assert told(shown) == ["Emma: 1 copy received, 1 there now."]
    movement = StockMovement.objects.get()
    assert (movement.delta, movement.reason, movement.actor_id) == (1, "RECEIVED", tied.user.pk)
    assert movement.reference.startswith("DN-7/")
    assert AuditEntry.objects.get(action="stock.changed").actor_id == tied.user.pk
    page = shown.content.decode()
    assert "1 copy received" in page
    assert "autofocus" in page


def test_same_scan_sent_twice_counts_once(tied, branch, book):
    scan(tied, branch, scan="0123456789abcdef")
    answer = scan(tied, branch, scan="0123456789abcdef", follow=True)
    assert "Emma: this scan was counted before." in told(answer)
    assert quantity() == 1


@pytest.mark.parametrize(
    "code",
    [
        "978-0-14-143951-8",
        "0141439513",
        "0-14-143951-3",
        " 9780141439518 ",
        "978014143951851299",
        "9780141439518 51299",
        "978014143951805",
        "]E09780141439518",
        "\uff19\uff17\uff18\uff10\uff11\uff14\uff11\uff14\uff13\uff19\uff15\uff11\uff18",
    ],
)
def test_every_spelling_of_the_code_is_the_book(tied, branch, book, code):
    assert scan(tied, branch, code=code).status_code == 303
    assert quantity() == 1


def test_box_is_received_at_once(tied, branch, book):
    scan(tied, branch, copies=24)
    scan(tied, branch, copies=1)
    assert quantity() == 25
    assert receiving.delivery(branch_id=branch.pk, note="DN-7").copies == 25


def test_unknown_isbn_is_told_with_the_way_to_make_the_book(manager, tied, branch):
    answer = scan(manager, branch)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "We have no book with the ISBN 978-0-14-143951-8 yet." in page
    assert f'href="/admin/catalog/book/add/?isbn13={ISBN}"' in page
    assert f'value="{ISBN}"' in page
    assert "Error:" in page

    assert "/admin/catalog/book/add/?isbn13" not in scan(tied, branch).content.decode()
    assert StockMovement.objects.count() == 0


def test_withdrawn_book_is_told(manager, branch):
    gone = BookFactory(isbn13=ISBN, deleted_at="2026-01-01T00:00Z")
    answer = scan(manager, branch)
    assert answer.status_code == 404
    assert f"/admin/catalog/book/{gone.pk}/change/" in answer.content.decode()
    assert StockMovement.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "copies", "name"),
    [
        ("", 1, "0123456789abcdef"),
        ("hello", 1, "0123456789abcdef"),
        ("9780141439519", 1, "0123456789abcdef"),
        ("9" * 65, 1, "0123456789abcdef"),
        (ISBN, 0, "0123456789abcdef"),
        (ISBN, -1, "0123456789abcdef"),
        (ISBN, ISBN, "0123456789abcdef"),
        (ISBN, "many", "0123456789abcdef"),
        (ISBN, 1, "x"),
        (ISBN, 1, "a/b/c/d/e/f/g/h"),
    ],
)
def test_senseless_scans_add_nothing(tied, branch, book, code, copies, name):
    assert scan(tied, branch, code, copies, name).status_code == 422
    assert StockMovement.objects.count() == 0


def test_wrong_scan_is_taken_back_by_a_movement(tied, branch, book):
    scan(tied, branch, copies=3)
    made = StockMovement.objects.get()

    for _ in range(2):
        assert tied.post(address(branch), {"undo": made.pk}).status_code == 303

    assert list(StockMovement.objects.order_by("pk").values_list("delta", flat=True)) == [3, -3]
    came = receiving.delivery(branch_id=branch.pk, note="DN-7")
    assert (came.copies, [line.is_undone for line in came.lines]) == (0, [True])
    assert "taken back" in tied.get(address(branch)).content.decode()


def test_receipt_of_another_branch_is_not_there_to_take_back(tied, manager, branch, book):
    elsewhere = BranchFactory()
    scan(manager, elsewhere)
    made = StockMovement.objects.get()
    for said in (made.pk, "x", "9" * 40, ""):
        assert tied.post(address(branch), {"undo": said}).status_code == 404
    assert quantity() == 1


def test_delivery_lists_its_own_note_and_branch(tied, manager, branch, book):
    elsewhere = BranchFactory()
    scan(tied, branch)
    scan(manager, elsewhere)
    assert receiving.delivery(branch_id=branch.pk, note="DN-7").copies == 1
    assert receiving.delivery(branch_id=branch.pk, note="DN").copies == 0
    assert receiving.delivery(branch_id=elsewhere.pk, note="DN-7").copies == 1


def test_tied_employee_receives_in_their_branch_only(tied, branch, book):
    foreign = BranchFactory()
    offered = tied.get(PAGE).context["delivery"].fields["branch"].queryset
    assert list(offered) == [branch]
    assert scan(tied, foreign).status_code == 422
    assert StockMovement.objects.count() == 0


def test_employee_without_a_branch_is_told_why_not(desk, branch, book):
    client = desk("EMPLOYEE")
    page = client.get(PAGE)
    assert (page.status_code, "You are not tied to any branch" in page.content.decode()) == (
        200,
        True,
    )
    assert scan(client, branch).status_code == 409
    assert StockMovement.objects.count() == 0


def test_manager_receives_everywhere_but_in_closed_branches(manager, branch, book):
    closed = BranchFactory(deleted_at="2026-01-01T00:00Z")
    assert scan(manager, branch).status_code == 303
    assert scan(manager, closed).status_code == 422
    assert quantity() == 1


@pytest.mark.parametrize("copies", [0, 4])
def test_stock_take_sets_what_was_counted(tied, branch, book, copies):
    scan(tied, branch, copies=3)
    answer = scan(tied, branch, copies=copies, mode="count", follow=True)
    assert told(answer)[-1] == f"Emma: {copies} copies counted."
    assert quantity() == copies
    moved = StockMovement.objects.latest("pk")
    assert (moved.delta, moved.reason) == (copies - 3, "CORRECTION")


def test_script_is_answered_with_what_changes_only(tied, branch, book):
    headers = {"X-Requested-With": "receiving"}
    done = scan(tied, branch, headers=headers)
    page = done.content.decode()
    assert (done.status_code, "<html" in page, 'data-outcome="done"' in page) == (200, False, True)
    assert "Emma: 1 copy received, 1 there now." in page
    refused = scan(tied, branch, code="x", headers=headers)
    page = refused.content.decode()
    assert (refused.status_code, 'data-outcome="refused"' in page) == (200, True)


@pytest.mark.parametrize("scans", [1, 3])
def test_page_asks_the_same_questions_at_one_and_three_scans(
    manager, branch, scans, django_assert_num_queries
):
    for number in range(scans):
        scan(manager, branch, code=BookFactory(title=f"Book {number}").isbn13)
    manager.get(address(branch))  # counts the badges, shows the messages
    # Session, user, the branch, copies, scans.
    with django_assert_num_queries(5):
        assert len(manager.get(address(branch)).context["came"].lines) == scans
