"""Today: what waits for whom, each number a link to just what it counts."""

import datetime as dt
from decimal import Decimal
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookstore.pages import desk_work
from catalog.enums import CoverState, ImportState, StockRequestType
from catalog.models import Book, Cover, ImportRun, Inventory, StockRequest
from catalog.services import branch_staff
from catalog.tests.factories import BookFactory, BranchFactory
from commerce.enums import Fulfilment, OrderStatus, PaymentStatus
from commerce.models import Payment
from commerce.selectors import sales
from core.roles import Role
from tests.staff import rows

pytestmark = [pytest.mark.django_db, pytest.mark.req("OPS-05"), pytest.mark.usefixtures("cold")]
TODAY = reverse("admin:index")
LONG_AGO = timezone.now() - dt.timedelta(days=9)


@pytest.fixture
def cold():
    """Nothing of other tests is kept of what several people share."""
    cache.delete("desk:failed-jobs")


def tiles(client, *sections):
    context = client.get(TODAY).context
    return {
        str(tile["label"]): (tile["number"], tile["url"])
        for section in sections or ("do_now", "at_risk", "health")
        for tile in context[section]
    }


def numbers(client, *sections):
    return {label: number for label, (number, _) in tiles(client, *sections).items()}


def placed(moment=LONG_AGO, **fields):
    """An order as it was placed at a moment."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        return rows.order(**fields)


def for_slot(day, **fields):
    """An old order for a delivery slot on a day."""
    return placed(fulfilment=Fulfilment.DELIVERY, slot=rows.slot(), slot_date=day, **fields)


def test_every_number_is_how_many_rows_its_list_shows(desk):
    for status in OrderStatus:
        placed(status=status)
    rows.order(status=OrderStatus.CONFIRMED)
    Payment.objects.update(status=PaymentStatus.UNKNOWN, created_at=LONG_AGO)
    BookFactory(price=None)
    client = desk(Role.ADMIN)

    shown = tiles(client)

    listed = {
        label: str(len(client.get(url).context["cl"].result_list))
        for label, (_, url) in shown.items()
    }
    assert {label: number for label, (number, _) in shown.items()} == listed
    assert {"Orders to pick", "Late orders", "No price"} <= listed.keys()
    assert listed["Orders to pick"] == "3"
    assert listed["Late orders"] == "4"
    assert listed["Payments without an outcome"] == str(len(OrderStatus) + 1)
    assert listed["No price"] == "1"


def test_order_is_late_after_its_slots_day_or_two_days_without_one():
    today = timezone.localdate()
    over = for_slot(today - dt.timedelta(days=1), status=OrderStatus.OUT_FOR_DELIVERY)
    for_slot(today, status=OrderStatus.CONFIRMED)
    for_slot(today - dt.timedelta(days=1), status=OrderStatus.DELIVERED)
    old = placed(status=OrderStatus.MISSING)
    placed(status=OrderStatus.READY)
    placed(status=OrderStatus.DELIVERED)
    rows.order(status=OrderStatus.CONFIRMED)
    assert set(desk_work.AT_RISK[0].rows(over.user)) == {over, old}


def test_books_that_lack_something_are_counted_once_listed():
    whole = rows.whole_book()
    Cover.objects.create(book=whole, state=CoverState.READY)
    bare = BookFactory(price=None)
    Cover.objects.create(book=bare, state=CoverState.REFUSED)
    withdrawn = BookFactory(price=None)
    Book.objects.filter(pk=withdrawn.pk).update(deleted_at=LONG_AGO)
    StockRequest.objects.create(
        book=bare, branch=BranchFactory(), type=StockRequestType.ADD_QUANTITY, quantity=1
    )
    StockRequest.objects.create(
        book=whole, branch=BranchFactory(), type=StockRequestType.ADD_QUANTITY, quantity=1
    )
    assert {work.key: set(work.rows(None)) for work in desk_work.HEALTH} == {
        key: {bare} for key in ("price", "cover", "genre", "wanted")
    }


def test_book_that_sold_out_within_a_month_is_wanted():
    order = rows.order()
    book = order.lines.get().book
    row = Inventory.objects.get()
    row.movements.create(delta=-3, reason="SALE", reference="x")
    Book.objects.filter(pk=book.pk).update(is_in_stock=False)
    (wanted,) = [work for work in desk_work.HEALTH if work.key == "wanted"]
    assert set(wanted.rows(None)) == {book}


def test_employee_of_a_branch_sees_what_waits_there_and_no_money(desk):
    here, elsewhere = rows.order(), rows.order()
    for order in (here, elsewhere):
        StockRequest.objects.create(
            book=order.lines.get().book,
            branch=order.branch,
            type=StockRequestType.ADD_QUANTITY,
            quantity=1,
        )
    ImportRun.objects.create(filename="a.csv", format="csv", size=1, state=ImportState.CHECKED)
    employee, manager = desk(Role.EMPLOYEE), desk(Role.MANAGER)
    branch_staff.set_staff(branch_id=here.branch_id, user_ids=[employee.user.pk], actor_id=None)

    own, all_ = employee.get(TODAY).context, manager.get(TODAY).context

    assert desk_work.counted(employee.user, desk_work.DO_NOW, name="now") == [
        (desk_work.DO_NOW[0], 1),
        (desk_work.DO_NOW[1], 1),
        (desk_work.DO_NOW[3], 0),
    ]
    assert [n for _, n in desk_work.counted(manager.user, desk_work.DO_NOW, name="now")] == [
        *(2, 2, 1, 0)
    ]
    assert (own["sales"], own["failed_jobs"]) == (None, None)
    assert (all_["sales"]["today"].orders, all_["failed_jobs"]) == (2, 0)


def test_badges_are_counted_once_in_half_a_minute(desk):
    rows.order()
    client = desk(Role.MANAGER)
    books = reverse("admin:catalog_book_changelist")
    with CaptureQueriesContext(connection) as cold:
        client.get(books)
    with CaptureQueriesContext(connection) as warm:
        client.get(books)
    assert len(cold) - len(warm) == len(desk_work.DO_NOW)


def test_numbers_are_right_without_redis(desk, redis_is_down, settings):
    caches = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    settings.CACHES = caches
    rows.order()
    client = desk(Role.MANAGER)
    assert numbers(client, "do_now")["Orders to pick"] == "1"
    rows.order()
    assert numbers(client, "do_now")["Orders to pick"] == "2"


def test_first_page_asks_few_questions_however_much_there_is(desk):
    def asked(role):
        client = desk(role)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(TODAY).status_code == 200
        return len(captured)

    rows.everything()
    at_one = asked(Role.MANAGER)
    rows.everything()
    rows.everything()
    cache.delete("desk:failed-jobs")
    assert (at_one, asked(Role.ADMIN)) == (15, 15)


def test_sales_compare_with_the_same_weekday_at_the_same_time(desk):
    now = timezone.now()

    def sold(ago, total, status=OrderStatus.CONFIRMED):
        placed(now - ago, status=status, total=Decimal(total), subtotal=Decimal(total))

    sold(dt.timedelta(0), "30.00")
    sold(dt.timedelta(0), "30.00", OrderStatus.CANCELED)
    sold(dt.timedelta(days=7, seconds=1), "20.00")
    sold(dt.timedelta(days=7) - dt.timedelta(seconds=5), "9.00")
    sold(dt.timedelta(days=20), "99.00")
    user = desk(Role.MANAGER).user

    recent = sales.recent_sales(user)

    assert (recent.today.orders, recent.today.total) == (1, Decimal("30.00"))
    assert recent.week_ago.total == Decimal("20.00")
    assert [day.total for day in recent.days].count(Decimal(0)) == 12
    assert len(recent.days) == sales.DAYS


def test_chart_has_a_table_that_says_the_same(desk):
    rows.order()
    page = desk(Role.MANAGER).get(TODAY)
    html = page.content.decode()
    assert html.count("<rect ") == sales.DAYS
    assert html.count('<th scope="row"') == sales.DAYS
    assert page.context["sales"]["difference"] is None
    bars = page.context["sales"]["bars"]
    assert [bar.height for bar in bars] == [0] * (sales.DAYS - 1) + [80]
