"""Lists of the desk as files: exactly what is shown, nothing that is not theirs (CATL-06, T074)."""

import csv
import io

import openpyxl
import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.models import Book, BranchStaff, Inventory
from catalog.tests.factories import BookFactory, BranchFactory, InventoryFactory
from core import tables
from core.admin import exports
from core.models import AuditEntry
from core.roles import Role
from tests.staff import rows

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-06")]
BOOKS = "/admin/catalog/book/export/"
LISTS = {
    "books": BOOKS,
    "inventory": "/admin/catalog/inventory/export/",
    "movements": "/admin/catalog/stockmovement/export/",
    "orders": "/admin/commerce/order/export/",
    "users": "/admin/accounts/user/export/",
}


def content_of(response):
    assert response.status_code == 200, response.content[:500]
    return b"".join(response.streaming_content)


def table_of(response):
    return list(csv.reader(io.StringIO(content_of(response).decode("utf-8-sig"), newline="")))


def cells_of(response):
    book = openpyxl.load_workbook(io.BytesIO(content_of(response)), read_only=True)
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_list_is_exported_as_it_is_shown(manager):
    BookFactory(title="Not asked for", format="HARDBACK")
    for title in ("=Beta", "Alpha", "Gamma"):
        BookFactory(title=title, format="PAPERBACK", price="12.90", authors=["Ann; =Author"])
    InventoryFactory(book=Book.objects.get(title="Alpha"), quantity=3)
    query = "?format__exact=PAPERBACK&o=1&p=1"
    page = manager.get(BOOKS + query)
    assert "All 3 rows" in page.content.decode()
    response = manager.post(BOOKS + query, {"kind": "csv"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *found = table_of(response)
    assert header == [
        *("Title", "Author", "ISBN", "Price (ILS)", "Copies", "In stock", "Publisher"),
        "Published",
    ]
    assert [(row[0], row[1], row[3], row[4], row[5]) for row in found] == [
        ("'=Beta", "Ann;' =Author", "12.90", "0", "no"),
        ("Alpha", "Ann;' =Author", "12.90", "3", "yes"),
        ("Gamma", "Ann;' =Author", "12.90", "0", "no"),
    ]


def test_workbook_holds_the_same_with_numbers(manager):
    BookFactory(title="=Emma", price="12.90")
    header, row = cells_of(manager.post(BOOKS, {"kind": "xlsx"}))
    assert header[3:5] == ["Price (ILS)", "Copies"]
    assert (row[0], row[3], row[4]) == ("'=Emma", 12.9, 0)


def test_all_pages_come_in_order_with_few_statements(manager, django_assert_max_num_queries):
    BookFactory.create_batch(120)
    with django_assert_max_num_queries(25):
        found = table_of(manager.post(BOOKS + "?o=-1", {"kind": "csv"}))
    titles = [row[0] for row in found[1:]]
    assert titles == list(Book.objects.order_by("-title").values_list("title", flat=True))


def test_batches_join_without_gap(manager, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 2)
    BookFactory.create_batch(5)
    assert len(table_of(manager.post(BOOKS, {"kind": "csv"}))) == 6


@pytest.mark.parametrize("kind", ["", "pdf", "../csv"])
def test_unknown_kind_shows_the_page_again_and_notes_nothing(kind, manager):
    response = manager.post(BOOKS, {"kind": kind})
    assert response.status_code == 422
    assert "Choose CSV or Excel." in response.content.decode()
    assert AuditEntry.objects.count() == 0


def test_too_long_workbook_is_refused_and_csv_is_not(manager, monkeypatch):
    monkeypatch.setattr(tables, "MOST_TO_WAIT_FOR", 1)
    BookFactory.create_batch(2)
    response = manager.post(BOOKS, {"kind": "xlsx"})
    assert response.status_code == 409
    assert "at most 1 rows" in response.content.decode()
    whole = manager.post("/admin/catalog/book/export/catalogue/", {"kind": "xlsx"})
    assert (whole.status_code, "at most 1 rows" in whole.content.decode()) == (409, True)
    assert AuditEntry.objects.count() == 0
    assert len(table_of(manager.post(BOOKS, {"kind": "csv"}))) == 3


def test_export_is_noted_with_its_filters_but_not_what_was_searched(manager):
    BookFactory(title="Emma")
    content_of(manager.post(BOOKS + "?format__exact=EBOOK&q=emma&o=1&p=2", {"kind": "csv"}))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.entity_type, entry.entity_id) == (
        "export.created",
        "export",
        "catalog.book",
    )
    assert entry.actor_id == manager.user.pk
    assert (entry.new_value["kind"], entry.new_value["rows"]) == ("csv", 0)
    assert entry.context == {"filters": {"format__exact": ["EBOOK"]}, "is_searched": True}


def test_addresses_stay_out_for_those_who_may_not_see_users(desk):
    rows.order()
    whole = table_of(desk(Role.MANAGER).post(LISTS["orders"], {"kind": "csv"}))
    assert "Buyer" in whole[0]
    assert "@example.com" in str(whole)
    employee = desk(Role.EMPLOYEE)
    page = employee.get(LISTS["orders"]).content.decode()
    assert "Left out, because it is personal: Buyer." in page
    less = table_of(employee.post(LISTS["orders"], {"kind": "csv"}))
    assert less[0] == [name for name in whole[0] if name != "Buyer"]
    assert "@example.com" not in str(less)


def test_employee_of_a_branch_takes_along_its_orders_only(desk):
    theirs, other = rows.order(), rows.order()
    client = desk(Role.EMPLOYEE)
    BranchStaff.objects.create(user=client.user, branch=theirs.branch)
    found = table_of(client.post(LISTS["orders"], {"kind": "csv"}))
    assert [row[0] for row in found] == ["Number", theirs.number]
    assert "@example.com" not in str(found)
    assert other.branch_id != theirs.branch_id


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_can_be_exported(name, kind, desk):
    rows.everything()
    client = desk(Role.ADMIN)
    assert client.get(LISTS[name]).status_code == 200
    read = table_of if kind == "csv" else cells_of
    header, *found = read(client.post(LISTS[name], {"kind": kind}))
    assert len(found) >= 1
    # What is empty at the end of a row is no cell of a workbook.
    assert max(len(row) for row in found) == len(header) or (name, kind) == ("books", "xlsx")


@pytest.mark.parametrize("path", LISTS.values())
def test_strangers_get_nothing(path, desk):
    for client in (Client(), desk(Role.CUSTOMER)):
        for response in (client.get(path), client.post(path, {"kind": "csv"})):
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/admin/login/")


def test_employees_may_not_export_users(desk):
    client = desk(Role.EMPLOYEE)
    assert client.get(LISTS["users"]).status_code == 403
    assert client.post(LISTS["users"], {"kind": "csv"}).status_code == 403


@pytest.mark.parametrize("query", ["?format__exact=%00", "?created_at=x", "?p=99999", "?o=99.zz"])
def test_nonsense_in_the_address_is_no_server_error(query, manager):
    assert manager.get(BOOKS + query).status_code in {200, 400}
    assert manager.post(BOOKS + query, {"kind": "csv"}).status_code in {200, 400}


def test_list_has_the_button_with_its_own_filters(manager):
    BookFactory()
    page = manager.get("/admin/catalog/book/?format__exact=EBOOK&p=0").content.decode()
    assert 'href="/admin/catalog/book/export/?format__exact=EBOOK"' in page


def test_file_is_named_by_the_day_and_never_shown_in_the_browser(manager):
    response = manager.post(BOOKS, {"kind": "csv"})
    assert response.headers["Content-Disposition"].startswith('attachment; filename="book-list-20')
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", ["onix", "csv", "xlsx", "jsonl"])
def test_whole_catalogue_comes_in_every_format(kind, desk):
    book = BookFactory(title="Emma")
    client = desk(Role.EMPLOYEE)
    page = "/admin/catalog/book/export/catalogue/"
    assert client.get(page).status_code == 200
    response = client.post(page, {"kind": kind})
    suffix = {"onix": "xml"}.get(kind, kind)
    assert response.headers["Content-Disposition"].endswith(f'.{suffix}"')
    content = content_of(response)
    assert content.startswith(b"PK") if kind == "xlsx" else book.isbn13.encode() in content
    assert AuditEntry.objects.get().entity_id == "catalogue"


def test_catalogue_is_narrowed_and_noted(manager):
    stocked = BookFactory()
    BookFactory()
    InventoryFactory(book=stocked, branch=BranchFactory())
    said = {"kind": "jsonl", "in_stock_only": "on", "changed_since": "2026-01-31"}
    content = content_of(manager.post("/admin/catalog/book/export/catalogue/", said))
    assert content.count(b"\n") == 1
    assert AuditEntry.objects.get(action="export.created").context == {
        "genre": "",
        "changed_since": "2026-01-31T00:00:00+02:00",
        "in_stock_only": True,
        "with_withdrawn": False,
    }
    assert Inventory.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"kind": "pdf"},
        {"kind": "csv", "genre": "999"},
        {"kind": "csv", "changed_since": "yesterday"},
        {"kind": "csv", "with_withdrawn": "on"},
    ],
)
def test_nonsense_shows_the_form_again(said, manager):
    response = manager.post("/admin/catalog/book/export/catalogue/", said)
    assert response.status_code == 422
    assert AuditEntry.objects.count() == 0
    assert UserFactory._meta.model.objects.count() == 1
