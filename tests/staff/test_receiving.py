"""Receiving with a scanner in a real browser: no mouse, no waiting, nothing counted twice."""

import pytest

from accounts.tests.factories import ManagerFactory
from catalog.models import Inventory, StockMovement
from catalog.services import stock_requests
from catalog.tests.factories import BookFactory, BranchFactory
from core.invariants import check_all
from tests.staff import rows
from tests.staff.looks import LOOKS, look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("CATL-04"),
]
EMMA, DUNE = "9780141439518", "9780441013593"


@pytest.fixture
def branch():
    return BranchFactory(name="Haifa")


@pytest.fixture
def books():
    return BookFactory(title="Emma", isbn13=EMMA), BookFactory(title="Dune", isbn13=DUNE)


@pytest.fixture
def receiving(open_desk, branch, books):
    """Open the page for a delivery to `branch`."""

    def open_one(**options):
        path = f"/admin/catalog/inventory/receiving/?mode=receive&branch={branch.pk}&note=DN-7"
        return open_desk(path, **options)

    return open_one


def wedge(page, code):
    """Do what a keyboard-wedge scanner does, wherever the cursor is."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def told(page, sentence):
    page.locator("#receiving-result").get_by_text(sentence).wait_for()


def quantities():
    return dict(Inventory.objects.values_list("book__title", "quantity"))


def test_scans_come_in_faster_than_answers_and_all_count(receiving):
    page = receiving()
    for code in [EMMA, DUNE, EMMA, "0-441-01359-7", EMMA + "51299"]:
        wedge(page, code)
    page.get_by_role("heading", name="5 copies received").wait_for()
    assert quantities() == {"Emma": 3, "Dune": 2}
    assert page.evaluate("document.activeElement.name") == "code"
    assert [verdict.invariant.name for verdict in check_all() if verdict.breaches] == []


def test_scan_of_a_stock_take_waits_for_the_number(open_desk, branch, books):
    page = open_desk(f"/admin/catalog/inventory/receiving/?mode=count&branch={branch.pk}")
    wedge(page, EMMA)
    assert page.evaluate("document.activeElement.name") == "copies"
    wedge(page, "4")
    told(page, "Emma: 4 copies counted.")
    wedge(page, DUNE)
    wedge(page, "2")
    told(page, "Dune: 2 copies counted.")
    assert quantities() == {"Emma": 4, "Dune": 2}
    assert StockMovement.objects.count() == 2


def test_box_then_wrong_scan_then_back(receiving):
    page = receiving()
    page.get_by_label("Copies").fill("12")
    page.get_by_label("ISBN").focus()
    wedge(page, EMMA)
    told(page, "Emma: 12 copies received, 12 there now.")
    assert page.get_by_label("Copies").input_value() == "1"
    wedge(page, DUNE)
    told(page, "Dune: 1 copy received, 1 there now.")
    page.get_by_role("button", name="Take back Dune").press("Enter")
    told(page, "Taken back; 0 there now.")
    page.get_by_role("heading", name="12 copies received").wait_for()
    assert page.evaluate("document.activeElement.name") == "code"
    assert quantities() == {"Emma": 12, "Dune": 0}


def test_unknown_isbn_leads_to_the_new_book(receiving):
    page = receiving()
    wedge(page, "9780140449136")
    told(page, "We have no book with the ISBN 978-0-14-044913-6 yet.")
    page.get_by_role("link", name="Add the book").click()
    page.wait_for_url("**/admin/catalog/book/add/?isbn13=9780140449136")
    assert page.locator("#id_isbn13").input_value() == "9780140449136"


def test_scan_whose_answer_is_lost_counts_once(receiving):
    page = receiving()
    page.evaluate(
        """() => {
            const send = window.fetch;
            window.fetch = async (...call) => {
                await send(...call);
                window.fetch = send;
                throw new TypeError("lost");
            };
        }"""
    )
    wedge(page, EMMA)
    told(page, "Emma: this scan was counted before.")
    assert quantities() == {"Emma": 1}
    assert StockMovement.objects.count() == 1


def test_without_javascript_each_scan_is_a_form(receiving):
    page = receiving(javascript=False)
    page.get_by_label("ISBN").fill(EMMA)
    page.get_by_role("button", name="Receive", exact=True).click()
    page.get_by_text("Emma: 1 copy received, 1 there now.").wait_for()
    page.get_by_role("button", name="Take back Emma").click()
    page.get_by_text("Taken back; 0 there now.").wait_for()
    assert quantities() == {"Emma": 0}


@pytest.mark.parametrize(("scheme", "viewport"), LOOKS)
def test_pages_of_stock_have_no_serious_barrier(open_desk, receiving, books, scheme, viewport):
    page = receiving(scheme=scheme, viewport=viewport)
    wedge(page, EMMA)
    wedge(page, DUNE)
    page.get_by_role("heading", name="2 copies received").wait_for()
    wedge(page, "9780140449136")
    told(page, "We have no book")
    placed = rows.order(books[0])
    shelf = Inventory.objects.get(book=books[0])
    rows.stock_request(placed)
    asked = rows.stock_request(placed, copies=3)
    stock_requests.review_request(
        request_id=asked.pk, decision="REJECTED", user=ManagerFactory(), note="Sold out"
    )
    found = look(page, "receiving", scheme, viewport)
    start = page.url.split("/admin/")[0]
    pages = {
        "receiving-start": "/admin/catalog/inventory/receiving/",
        "inventory": "/admin/catalog/inventory/",
        "shelf": f"/admin/catalog/inventory/{shelf.pk}/change/",
        "movements": "/admin/catalog/stockmovement/",
        "stock-requests": "/admin/catalog/stockrequest/",
        "stock-request": f"/admin/catalog/stockrequest/{asked.pk}/change/",
        "stock-request-new": f"/admin/catalog/stockrequest/add/?book={books[0].pk}",
    }
    for name, path in pages.items():
        page.goto(f"{start}{path}")
        found += look(page, name, scheme, viewport)
    assert found == []
