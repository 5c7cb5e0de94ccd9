"""PATCH /books/{id}/stock, GET /admin/inventory, PUT /admin/inventory/{id}; T062."""

import pytest

from accounts.tests.factories import PASSWORD, EmployeeFactory, ManagerFactory
from catalog.models import Inventory, StockMovement
from catalog.selectors import inventory
from catalog.services import branch_staff
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core.errors import NotFound
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-04")]


@pytest.fixture
def managed(api):
    api.sign_in(ManagerFactory(email="manager@example.com").email, PASSWORD)
    return api


@pytest.fixture
def employed(api):
    api.sign_in(EmployeeFactory(email="employee@example.com").email, PASSWORD)
    return api


def set_stock(api, book, **body):
    return api.patch(f"books/{book.pk}/stock", body)


def ids(answer):
    return [row["id"] for row in answer.json()["data"]]


def test_stock_without_a_branch_is_the_warehouses_and_seen_at_once(managed):
    warehouse, shop = BranchFactory(is_warehouse=True), BranchFactory()
    book = InventoryFactory(branch=shop, quantity=2).book

    answer = set_stock(managed, book, quantity=5)

    body = answer.json()["data"]
    assert (answer.status_code, body["id"], body["stock_quantity"], body["in_stock"]) == (
        200,
        book.pk,
        7,
        True,
    )
    shelves = {row["branch"]["id"]: row["quantity"] for row in body["availability"]}
    assert shelves == {warehouse.pk: 5, shop.pk: 2}
    assert managed.get(f"books/{book.pk}").json()["data"]["stock_quantity"] == 7
    movement = StockMovement.objects.latest("pk")
    assert (movement.delta, movement.reason, movement.inventory.branch) == (
        5,
        "CORRECTION",
        warehouse,
    )
    assert AuditEntry.objects.filter(action="stock.changed").count() == 1


def test_stock_of_a_named_branch(managed):
    BranchFactory(is_warehouse=True)
    row = InventoryFactory(quantity=2)
    answer = set_stock(managed, row.book, quantity=0, branch_id=row.branch_id)
    body = answer.json()["data"]
    assert (answer.status_code, body["stock_quantity"], body["in_stock"]) == (200, 0, False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"quantity": -1},
        {"quantity": 1_000_001},
        {"quantity": "many"},
        {"quantity": None},
        {"quantity": 1.5},
        {"quantity": 1, "branch": 1},
        {"quantity": 1, "branch_id": 0},
        {"quantity": 1, "branch_id": 2**63},
    ],
)
def test_senseless_stock_is_refused(managed, body):
    BranchFactory(is_warehouse=True)
    row = InventoryFactory(quantity=2)
    assert managed.patch(f"books/{row.book_id}/stock", body).status_code == 400
    assert Inventory.objects.get().quantity == 2


def test_unknown_and_withdrawn_books_and_closed_branches_are_not_found(managed):
    closed = BranchFactory(deleted_at="2026-01-01T00:00Z")
    row = InventoryFactory(branch=BranchFactory(is_warehouse=True), quantity=2)
    withdrawn = BookFactory(deleted_at="2026-01-01T00:00Z")

    def refusal(book, **body):
        answer = set_stock(managed, book, quantity=9, **body)
        return answer.status_code, answer.json()["error"]["code"]

    assert refusal(BookFactory.build(pk=0)) == (404, "BOOK_NOT_FOUND")
    assert refusal(withdrawn) == (404, "BOOK_NOT_FOUND")
    assert refusal(row.book, branch_id=closed.pk) == (404, "BRANCH_NOT_FOUND")
    assert refusal(row.book, branch_id=10**15) == (404, "BRANCH_NOT_FOUND")
    assert list(Inventory.objects.values_list("quantity", flat=True)) == [2]


def test_shop_without_a_warehouse_has_to_name_the_branch(managed):
    answer = set_stock(managed, InventoryFactory().book, quantity=9)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "BRANCH_NOT_FOUND")


def test_shelves_are_listed_newest_first_and_narrowed(managed):
    few, many, none = (InventoryFactory(quantity=number) for number in (3, 4, 0))

    assert ids(managed.get("admin/inventory")) == [none.pk, many.pk, few.pk]
    assert managed.get("admin/inventory").json()["data"][2] == {
        "id": few.pk,
        "book": {"id": few.book_id, "title": few.book.title, "isbn13": few.book.isbn13},
        "branch": {"id": few.branch_id, "name": few.branch.name},
        "quantity": 3,
    }
    assert ids(managed.get("admin/inventory", query={"low_stock": "true"})) == [none.pk, few.pk]
    assert ids(managed.get("admin/inventory", query={"book": many.book_id})) == [many.pk]
    for branch in (few.branch_id, few.branch.slug):
        assert ids(managed.get("admin/inventory", query={"branch": branch})) == [few.pk]
    for branch in ("9" * 60, "no-such-branch"):
        assert ids(managed.get("admin/inventory", query={"branch": branch})) == []


@pytest.mark.parametrize(
    "query", [{"book": "x"}, {"low_stock": "perhaps"}, {"shelf": 1}, {"branch": "x" * 61}]
)
def test_senseless_filters_are_refused(managed, query):
    assert managed.get("admin/inventory", query=query).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_at_one_and_three_rows(
    managed, rows, django_assert_num_queries
):
    InventoryFactory.create_batch(rows)
    with django_assert_num_queries(4):  # who asks, count, keys, rows
        assert len(ids(managed.get("admin/inventory"))) == rows


def test_shelf_is_set(managed):
    row = InventoryFactory(quantity=2)
    answer = managed.put(f"admin/inventory/{row.pk}", {"quantity": 6})
    assert (answer.status_code, answer.json()["data"]["quantity"]) == (200, 6)
    row.refresh_from_db()
    assert row.quantity == 6
    assert row.movements.latest("pk").delta == 4


@pytest.mark.parametrize("number", [0, 10**30])
def test_unknown_shelf_is_not_found(managed, number):
    answer = managed.put(f"admin/inventory/{number}", {"quantity": 6})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "INVENTORY_NOT_FOUND")


def test_employees_change_nothing(employed):
    row = InventoryFactory(quantity=2)
    answers = [
        set_stock(employed, row.book, quantity=9, branch_id=row.branch_id),
        employed.put(f"admin/inventory/{row.pk}", {"quantity": 9}),
        employed.get("admin/inventory"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    row.refresh_from_db()
    assert row.quantity == 2


def test_tied_employee_is_shown_the_shelves_of_their_branches_only():
    mine, foreign = InventoryFactory(), InventoryFactory()
    employee = EmployeeFactory()
    branch_staff.set_staff(branch_id=mine.branch_id, user_ids=[employee.pk], actor_id=None)

    assert list(inventory.seen_by(Inventory.objects.all(), employee)) == [mine]
    assert inventory.shelf_for(employee, mine.pk) == mine
    with pytest.raises(NotFound):
        inventory.shelf_for(employee, foreign.pk)
    assert inventory.seen_by(Inventory.objects.all(), EmployeeFactory()).count() == 2
