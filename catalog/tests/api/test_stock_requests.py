"""Stock requests on the API: asking, one's own, every branch's, one decision and many; T062."""

import pytest

from accounts.tests.factories import PASSWORD, EmployeeFactory, ManagerFactory
from catalog.models import Inventory, StockRequest
from catalog.services import branch_staff
from catalog.tests.factories import BranchFactory, InventoryFactory
from tests.fixtures.api import ApiClient

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-05")]


def signed_in(user):
    client = ApiClient()
    client.sign_in(user.email, PASSWORD)
    client.user = user
    return client


@pytest.fixture
def shelf():
    return InventoryFactory(quantity=1)


@pytest.fixture
def employee(shelf):
    user = EmployeeFactory()
    branch_staff.set_staff(branch_id=shelf.branch_id, user_ids=[user.pk], actor_id=None)
    return signed_in(user)


@pytest.fixture
def boss():
    return signed_in(ManagerFactory())


def wish(shelf, **changes):
    wanted = {"book_id": shelf.book_id, "branch_id": shelf.branch_id}
    return wanted | {"type": "ADD_QUANTITY", "quantity": 2} | changes


def ask(client, shelf, **changes):
    answer = client.post("stock-requests", wish(shelf, **changes))
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def ids(answer):
    return [row["id"] for row in answer.json()["data"]]


def test_employee_asks_and_sees_what_became_of_it(employee, boss, shelf):
    asked = ask(employee, shelf, reason="Book club")

    assert asked == {
        "id": asked["id"],
        "book": {"id": shelf.book_id, "title": shelf.book.title, "isbn13": shelf.book.isbn13},
        "branch": {"id": shelf.branch_id, "name": shelf.branch.name},
        "type": "ADD_QUANTITY",
        "quantity": 2,
        "reason": "Book club",
        "status": "PENDING",
        "requested_by": {"id": str(employee.user.pk), "email": employee.user.email},
        "reviewed_by": None,
        "note": "",
        "created_at": asked["created_at"],
        "reviewed_at": None,
    }
    path = f"admin/stock-requests/{asked['id']}/review"
    reviewed = boss.patch(path, {"decision": "APPROVED", "note": "Tomorrow"})
    assert reviewed.status_code == 200
    shown = employee.get("stock-requests/my").json()["data"]
    assert shown == [reviewed.json()["data"]]
    assert (shown[0]["status"], shown[0]["note"], shown[0]["reviewed_by"]["id"]) == (
        "APPROVED",
        "Tomorrow",
        str(boss.user.pk),
    )
    shelf.refresh_from_db()
    assert shelf.quantity == 3


def test_second_review_is_a_conflict(employee, boss, shelf):
    path = f"admin/stock-requests/{ask(employee, shelf)['id']}/review"
    assert boss.patch(path, {"decision": "REJECTED"}).status_code == 200
    answer = boss.patch(path, {"decision": "APPROVED"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        409,
        "STOCK_REQUEST_ALREADY_REVIEWED",
    )
    shelf.refresh_from_db()
    assert shelf.quantity == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "TAKE"},
        {"quantity": 0},
        {"quantity": -1},
        {"quantity": 1_000_001},
        {"type": "SET_QUANTITY", "quantity": None},
        {"book_id": "x"},
        {"branch_id": 2**63},
        {"reason": "x" * 301},
        {"status": "APPROVED"},
    ],
)
def test_senseless_requests_are_refused(employee, shelf, changes):
    assert employee.post("stock-requests", wish(shelf, **changes)).status_code == 400
    assert StockRequest.objects.count() == 0


def test_other_branches_are_not_there_to_ask_for(employee, shelf):
    foreign = wish(shelf, branch_id=BranchFactory().pk)
    answer = employee.post("stock-requests", foreign)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "BRANCH_NOT_FOUND")
    assert StockRequest.objects.count() == 0


@pytest.mark.parametrize(
    "body", [{}, {"decision": "PENDING"}, {"decision": "x"}, {"decision": "APPROVED", "by": 1}]
)
def test_senseless_reviews_are_refused(employee, boss, shelf, body):
    asked = ask(employee, shelf)
    assert boss.patch(f"admin/stock-requests/{asked['id']}/review", body).status_code == 400
    assert StockRequest.objects.get().status == "PENDING"


@pytest.mark.parametrize("number", [0, 10**30])
def test_unknown_request_is_not_found(boss, number):
    answer = boss.patch(f"admin/stock-requests/{number}/review", {"decision": "APPROVED"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "STOCK_REQUEST_NOT_FOUND")


def test_bulk_review_says_what_became_of_each(employee, boss, shelf):
    first, second = (ask(employee, shelf, quantity=copies)["id"] for copies in (3, 2))
    boss.patch(f"admin/stock-requests/{first}/review", {"decision": "REJECTED"})

    body = {"ids": [first, second, 10**12], "decision": "APPROVED"}
    answer = boss.patch("admin/stock-requests/bulk-review", body)

    assert answer.status_code == 200
    assert answer.json()["data"] == [
        {
            "id": first,
            "ok": False,
            "status": None,
            "error": {
                "code": "STOCK_REQUEST_ALREADY_REVIEWED",
                "message": "This stock request was reviewed already.",
            },
        },
        {"id": second, "ok": True, "status": "APPROVED", "error": None},
        {
            "id": 10**12,
            "ok": False,
            "status": None,
            "error": {
                "code": "STOCK_REQUEST_NOT_FOUND",
                "message": "We could not find this stock request.",
            },
        },
    ]
    assert Inventory.objects.get().quantity == 3


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "APPROVED"},
        {"ids": [], "decision": "APPROVED"},
        {"ids": ["x"], "decision": "APPROVED"},
        {"ids": [1] * 101, "decision": "APPROVED"},
        {"ids": [1]},
    ],
)
def test_senseless_bulk_reviews_are_refused(boss, body):
    assert boss.patch("admin/stock-requests/bulk-review", body).status_code == 400


def test_managers_list_and_narrow(employee, boss, shelf):
    other = InventoryFactory()
    mine, theirs = ask(employee, shelf)["id"], ask(boss, other)["id"]
    boss.patch(f"admin/stock-requests/{mine}/review", {"decision": "REJECTED"})

    def listed(**query):
        return ids(boss.get("admin/stock-requests", query=query))

    assert listed() == [theirs, mine]
    assert listed(status="REJECTED") == [mine]
    assert listed(branch=other.branch_id) == listed(branch=other.branch.slug) == [theirs]
    assert listed(book=shelf.book_id) == [mine]
    assert boss.get("admin/stock-requests", query={"status": "x"}).status_code == 400
    assert ids(employee.get("stock-requests/my")) == [mine]


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_at_one_and_three_rows(
    boss, shelf, rows, django_assert_num_queries
):
    for number in range(rows):
        ask(boss, shelf, quantity=number + 1)
    for path in ("admin/stock-requests", "stock-requests/my"):
        with django_assert_num_queries(3):  # who asks, count, rows
            assert len(ids(boss.get(path))) == rows


def test_employees_decide_nothing(employee, shelf):
    asked = ask(employee, shelf)["id"]
    answers = [
        employee.get("admin/stock-requests"),
        employee.patch(f"admin/stock-requests/{asked}/review", {"decision": "APPROVED"}),
        employee.patch(
            "admin/stock-requests/bulk-review", {"ids": [asked], "decision": "APPROVED"}
        ),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert StockRequest.objects.get().status == "PENDING"
