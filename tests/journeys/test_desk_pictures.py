"""Pictures of the staff's guide: every run takes them, `make pictures` keeps them in docs/staff.

A desk on an ordinary day: the demo's books, orders of two weeks, requests, a file to approve.
"""

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from bookstore.demo import loader
from catalog.enums import PriceRounding, PriceRuleKind, StockRequestType
from catalog.models import Book, Branch, ImportRun, Inventory
from catalog.selectors import prices as price_plans
from catalog.services import prices, stock_requests
from catalog.services.imports import uploads
from commerce.enums import OrderStatus
from core.models import AuditEntry
from tests.staff import rows

pytestmark = [
    pytest.mark.browser,
    pytest.mark.req("OPS-05"),
    pytest.mark.django_db(transaction=True),
]
ROOT = Path(__file__).resolve().parent.parent.parent
KEEP_IN = os.environ.get("STAFF_PICTURES")  # a folder below the repository
# The menu stands beside the page where there is room for both.
WITH_MENU, WIDE, NARROW = (1440, 900), (1280, 860), (390, 844)


@pytest.fixture
def folder(tmp_path):
    kept = ROOT / KEEP_IN if KEEP_IN else tmp_path
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@pytest.fixture
def manager():
    """The demo's manager, in a shop on an ordinary day."""
    loader.load()
    books = list(Book.objects.filter(is_in_stock=True).order_by("sort_title")[:40])
    branches = list(Branch.objects.order_by("pk"))
    manager = User.objects.get(email="manager@example.com")
    _orders(books)
    for number, book in enumerate(books[5:9]):
        stock_requests.create_request(
            user=manager,
            book_id=book.pk,
            branch_id=branches[number % len(branches)].pk,
            kind=StockRequestType.ADD_QUANTITY,
            quantity=number + 2,
            reason="Reading group",
        )
    rule = price_plans.PriceRule(PriceRuleKind.PERCENT, Decimal(5), PriceRounding.NINETY)
    plan = price_plans.plan(price_plans.books_of(book.pk for book in books[10:14]), rule)
    prices.apply_plan(plan=plan, fingerprint=plan.fingerprint, actor_id=manager.pk)
    return manager


def _orders(books):
    """More on some days than on others, the last few still to be picked."""
    now = timezone.now()
    for number, book in enumerate(books):
        ago = dt.timedelta(days=number * number % 14, minutes=number)
        status = OrderStatus.CONFIRMED if ago.days < 2 else OrderStatus.DELIVERED
        with mock.patch("django.utils.timezone.now", return_value=now - ago):
            rows.order(book, status=status)


@pytest.fixture
def desk_page(live_server, open_page, client, manager):
    """Open a page of the desk as the manager."""
    client.force_login(manager)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def open_one(path, **options):
        page = open_page(**{"viewport": WIDE} | options)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}{path}", wait_until="networkidle")
        return page

    return open_one


def keep(page, folder, name):
    picture = page.screenshot(path=folder / f"{name}.png")
    assert len(picture) > 20_000  # an empty page is far smaller


def test_pages_of_the_guide_are_pictured_as_they_are(desk_page, folder):
    books = reverse("admin:catalog_book_changelist")
    book = Book.objects.filter(is_in_stock=True).order_by("sort_title")[3]
    some = ",".join(str(pk) for pk in Book.objects.order_by("pk").values_list("pk", flat=True)[:12])
    shelves = Inventory.objects.order_by("pk").values_list("pk", flat=True)[:6]
    branch = Branch.objects.filter(is_warehouse=False).first()
    entry = AuditEntry.objects.filter(action="book.repriced").first()
    receiving = reverse("admin:catalog_receiving")
    rule = "kind=percent&value=5&rounding=.90"
    pages = {
        "books": books,
        "book": f"{books}{book.pk}/change/",
        "receiving": f"{receiving}?mode=receive&branch={branch.pk}&note=D-17",
        "requests": reverse("admin:catalog_stockrequest_changelist"),
        "counts": f"{reverse('admin:catalog_inventory_counts')}?ids={','.join(map(str, shelves))}",
        "prices": f"{reverse('admin:catalog_priceedit_add')}?ids={some}&{rule}",
        "audit": reverse("admin:core_auditentry_change", args=[entry.pk]),
    }
    page = desk_page(reverse("admin:index"), viewport=WITH_MENU)
    keep(page, folder, "today")
    page.keyboard.press("Control+k")
    page.locator("#search-input-command").press_sequentially("book", delay=30)
    page.locator("#command-results-list").get_by_text("New book").wait_for()
    keep(page, folder, "palette")
    for name, path in pages.items():
        keep(desk_page(path), folder, name)


def test_file_that_waits_for_a_manager_is_pictured(desk_page, folder):
    known = Book.objects.filter(price__isnull=False).order_by("pk")[:3]
    lines = [f"{book.isbn13},{book.title.replace(',', '')},{book.price + 2}" for book in known]
    feed = "\n".join(["isbn,title,price", *lines, "9780306406157,A new book,59.90", "1,No ISBN,5"])
    page = desk_page(reverse("admin:catalog_importrun_add"))
    page.set_input_files(
        "input[type=file]",
        files=[{"name": "autumn.csv", "mimeType": "text/csv", "buffer": feed.encode()}],
    )
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Check the file").click()
    uploads.work_on(run_id=ImportRun.objects.get().pk)
    page.goto(page.url, wait_until="networkidle")
    keep(page, folder, "import")


def test_today_is_pictured_on_a_telephone_by_day_and_night(desk_page, folder):
    for scheme in ("light", "dark"):
        page = desk_page(reverse("admin:index"), viewport=NARROW, scheme=scheme)
        keep(page, folder, f"today-narrow-{scheme}")
