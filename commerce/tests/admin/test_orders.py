"""Orders on the staff desk: found by number, address and ISBN; read, never edited."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commerce.enums import OrderStatus
from commerce.models import Order, OrderContact
from tests.staff import rows

pytestmark = [pytest.mark.django_db, pytest.mark.req("COMM-06")]
LIST = "/admin/commerce/order/"


def listed(client, **query):
    return {order.number for order in client.get(LIST, query).context["cl"].result_list}


def change(order):
    return f"{LIST}{order.pk}/change/"


def test_order_is_found_by_number_address_and_any_spelling_of_an_isbn(desk):
    employee = desk("EMPLOYEE")
    wanted, _other = rows.order(number="7K2M-9QXT"), rows.order()
    isbn = wanted.lines.get().isbn13
    own = {wanted.number}
    assert listed(employee, q="7k2m-9qxt") == own
    assert listed(employee, q=" 7K2M ") == own
    assert listed(employee, q=wanted.contact.email.upper()) == own
    assert listed(employee, q=wanted.user.email) == own
    assert listed(employee, q=f"{isbn[:3]}-{isbn[3:]}") == own
    assert listed(employee, q="nobody@example.com") == set()
    assert listed(employee, q="ZZZZ") == set()


def test_filters_narrow_by_status_branch_and_day(desk):
    employee = desk("EMPLOYEE")
    ready, placed = rows.order(status=OrderStatus.READY), rows.order()
    assert listed(employee, status__exact="READY") == {ready.number}
    assert listed(employee, branch__id__exact=placed.branch_id) == {placed.number}
    assert listed(employee, fulfilment__exact="DELIVERY") == set()
    today = timezone.localdate().isoformat()
    both = {ready.number, placed.number}
    assert listed(employee, created_at_from=today, created_at_to=today) == both
    assert listed(employee, created_at_from="2099-01-01") == set()
    assert listed(employee, created_at_to="2020-01-01") == set()
    assert listed(employee, created_at_to="9999-12-31", created_at_from="0001-01-01") == both


def test_detail_shows_the_whole_order_with_a_bounded_number_of_queries(desk):
    order = rows.order()
    client = desk("MANAGER")
    with CaptureQueriesContext(connection) as captured:
        page = client.get(change(order)).content.decode()
    assert len(captured) <= 15
    for shown in (order.number, "₪80.00", order.contact.email, order.lines.get().title, "Paid"):
        assert shown in page
    assert "tok_visa" not in page


@pytest.mark.req("AUTH-11")
def test_detail_says_what_the_driver_is_asked_to_do(desk):
    order = rows.order()
    client = desk("EMPLOYEE")
    assert "{}" not in client.get(change(order)).text
    wishes = {"signature_required": True, "note": "Ring <twice>"}
    OrderContact.objects.update(delivery_preferences=wishes)

    page = client.get(change(order)).text

    assert "Signature required. Note: Ring &lt;twice&gt;" in page
    assert "signature_required" not in page


def test_employee_sees_no_payments(desk):
    page = desk("EMPLOYEE").get(change(rows.order())).content.decode()
    assert "Timeline" in page
    assert "Captured" not in page


def test_erased_buyer_is_said_to_be_erased(desk):
    order = rows.order()
    OrderContact.objects.all().delete()
    client = desk("EMPLOYEE")
    assert "erased" in client.get(LIST).content.decode()
    assert client.get(change(order)).status_code == 200


@pytest.mark.parametrize("role", ["EMPLOYEE", "MANAGER", "ADMIN"])
def test_nobody_edits_an_order_by_a_form(desk, role):
    order = rows.order()
    client = desk(role)
    assert client.post(change(order), {"status": "DELIVERED", "total": "0"}).status_code == 403
    assert client.post(f"{LIST}{order.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [order.pk], "post": "yes"})
    assert Order.objects.get().status == OrderStatus.CONFIRMED
