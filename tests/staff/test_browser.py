"""The staff desk in a real browser: lists, forms, dialogs, palette; nothing blocked or lost."""

import pytest

from accounts.models import User
from accounts.tests.factories import EmployeeFactory
from catalog.models import Book, Inventory
from catalog.tests.factories import PublisherFactory
from core.models import SavedView
from tests.staff import rows
from tests.staff.looks import ALL_LOOKS, barriers, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def book():
    return rows.whole_book(title="Emma")


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize(("scheme", "viewport"), ALL_LOOKS)
def test_pages_have_no_serious_barrier_in_either_scheme(open_desk, book, scheme, viewport):
    order = rows.order(book)
    stock = Inventory.objects.get()
    pages = {
        "index": "/admin/",
        "books": "/admin/catalog/book/",
        "book": f"/admin/catalog/book/{book.pk}/change/",
        "new-book": "/admin/catalog/book/add/",
        "export": "/admin/catalog/book/export/",
        "catalogue-export": "/admin/catalog/book/export/catalogue/",
        "genres": "/admin/catalog/genre/",
        "stock": f"/admin/catalog/inventory/{stock.pk}/change/",
        "orders": "/admin/commerce/order/",
        "order": f"/admin/commerce/order/{order.pk}/change/",
        "audit": "/admin/core/auditentry/",
        "narrowed": "/admin/catalog/book/?priced=yes",
        "prices": f"/admin/catalog/priceedit/add/?ids={book.pk}&kind=percent&value=60&rounding=.90",
        "counts": f"/admin/catalog/inventory/counts/?ids={stock.pk}",
        "guide": "/admin/guide/prices/",
    }
    SavedView.objects.create(
        owner_id=User.objects.get(full_name="Maya Manager").pk,
        page="catalog.book",
        name="With a price",
        query="priced=yes",
    )
    page = open_desk("/admin/", scheme=scheme, viewport=viewport)
    found = []
    for name, path in pages.items():
        page.goto(f"{page.url.split('/admin/')[0]}{path}")
        found += look(page, name, scheme, viewport)
    assert found == []


@pytest.mark.req("CATL-01")
def test_book_is_edited_with_autocomplete_and_inlines(open_desk, book):
    PublisherFactory(name="Penguin Classics")
    page = open_desk(f"/admin/catalog/book/{book.pk}/change/")
    page.get_by_label("Title", exact=False).first.fill("Emma, annotated")
    page.locator(".field-publisher [role=combobox]").click()
    page.locator(".select2-search__field").fill("penguin")
    page.get_by_role("option", name="Penguin Classics").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was changed successfully").wait_for()
    book.refresh_from_db()
    assert (book.title, book.publisher.name) == ("Emma, annotated", "Penguin Classics")
    assert book.credits.count() == 1


@pytest.mark.req("CATL-06")
def test_list_and_catalogue_are_taken_along(open_desk, book):
    page = open_desk("/admin/catalog/book/?q=emma")
    page.get_by_role("link", name="Export").click()
    page.get_by_text("1 row, with the list’s filters, search and order.").wait_for()
    with page.expect_download() as list_download:
        page.get_by_role("button", name="Download CSV").press("Enter")
    assert "Emma" in list_download.value.path().read_text("utf-8-sig")
    page.get_by_role("link", name="Export the catalogue…").click()
    page.get_by_label("Format").select_option("onix")
    with page.expect_download() as whole_download:
        page.get_by_role("button", name="Download").click()
    assert whole_download.value.suggested_filename.endswith(".xml")
    assert book.isbn13 in whole_download.value.path().read_text()


@pytest.mark.req("CATL-01")
def test_book_is_withdrawn_after_a_question(open_desk, book):
    page = open_desk(f"/admin/catalog/book/{book.pk}/change/")
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_text("Shoppers will no longer find it").wait_for()
    assert Book.objects.listed().count() == 1
    page.locator("#dialog").get_by_role("button", name="Withdraw").click()
    page.get_by_text("“Emma” was withdrawn.").wait_for()
    assert Book.objects.listed().count() == 0


@pytest.mark.req("AUTH-05")
def test_employee_is_tied_to_a_branch_by_typing_their_address(open_desk, book):
    branch = Inventory.objects.get().branch
    employee = EmployeeFactory(email="dana@example.com")
    page = open_desk(f"/admin/catalog/branch/{branch.pk}/change/")
    page.get_by_text("Add another Branch employee").click()
    page.locator("#staff-group [role=combobox]:visible").click()
    page.locator(".select2-search__field").fill("dana@")
    page.get_by_role("option", name="dana@example.com").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was changed successfully").wait_for()
    assert [tie.user for tie in branch.staff.all()] == [employee]


@pytest.mark.req("CATL-04")
def test_stock_is_set_in_a_dialog_that_refuses_nonsense(open_desk, book):
    row = Inventory.objects.get()
    page = open_desk(f"/admin/catalog/inventory/{row.pk}/change/")
    page.get_by_role("link", name="Set stock").click()
    page.get_by_label("Copies").fill("-4")
    page.locator("#dialog").get_by_role("button", name="Set stock").click()
    page.get_by_text("greater than or equal to 0").wait_for()
    page.get_by_label("Copies").fill("7")
    page.locator("#dialog").get_by_role("button", name="Set stock").click()
    page.get_by_text("Stock set to 7.").wait_for()
    row.refresh_from_db()
    assert row.quantity == 7


@pytest.mark.req("CATL-01")
def test_filters_and_sidebar_open_by_keyboard(open_desk, book):
    page = open_desk("/admin/catalog/book/", viewport=(1440, 900))
    page.get_by_role("button", name="Filters", exact=True).press("Enter")
    page.get_by_role("button", name="Apply Filters").wait_for()
    page.keyboard.press("Escape")
    sidebar = page.locator("#nav-sidebar")
    assert sidebar.is_visible() is True
    page.get_by_role("button", name="Navigation").press("Enter")
    sidebar.wait_for(state="hidden")
    page.get_by_role("button", name="Navigation").press("Enter")
    page.get_by_role("button", name="Maya Manager").press("Enter")
    page.get_by_role("link", name="My account").wait_for()


@pytest.mark.req("COMM-06")
def test_palette_finds_and_opens_without_a_mouse(open_desk, book):
    order = rows.order(book, number="7K2M-9QXT")
    page = open_desk("/admin/")
    page.keyboard.press("Control+k")
    page.locator("#search-input-command").press_sequentially("7k2m", delay=30)
    page.locator("#command-results-list").get_by_text("7K2M-9QXT").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/commerce/order/{order.pk}/change/")
    assert page.evaluate("JSON.stringify(localStorage).includes('7K2M')") is False


@pytest.mark.req("CATL-01")
def test_palette_opens_a_book_by_its_isbn_by_keyboard_alone(open_desk, book):
    page = open_desk("/admin/core/auditentry/")
    page.keyboard.press("Control+k")
    page.locator("#search-input-command").press_sequentially(book.isbn13, delay=10)
    page.locator("#command-results-list").get_by_text("Emma").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/catalog/book/{book.pk}/change/")
    assert page.evaluate("JSON.stringify(localStorage)").find(book.isbn13) == -1


@pytest.mark.req("CATL-01")
@pytest.mark.parametrize("javascript", [True, False])
def test_prices_are_changed_and_changed_back(open_desk, book, javascript):
    old = book.price
    path = f"/admin/catalog/priceedit/add/?ids={book.pk}"
    page = open_desk(path, javascript=javascript)
    page.get_by_label("By or to").fill("10")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Change 1 price").click()
    page.get_by_text("One price was changed.").wait_for()
    book.refresh_from_db()
    assert book.price > old


@pytest.mark.req("OPS-05")
def test_view_is_kept_and_deleted_without_javascript(open_desk, book):
    page = open_desk("/admin/catalog/book/?priced=yes", javascript=False)
    page.get_by_label("Name of this view").fill("With a price")
    page.get_by_role("button", name="Keep this view").click()
    page.goto(page.url.split("?")[0])
    page.get_by_role("link", name="With a price").click()
    assert page.url.endswith("?priced=yes")
    page.get_by_role("button", name="Delete the view With a price").click()
    assert SavedView.objects.count() == 0


@pytest.mark.req("OPS-05")
def test_skip_link_shows_itself_when_keys_get_there(open_desk):
    page = open_desk("/admin/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to content")
    assert link.evaluate("element => element === document.activeElement")
    assert link.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
