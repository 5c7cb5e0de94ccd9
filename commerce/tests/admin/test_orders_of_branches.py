"""Employees tied to branches see those branches' orders and no others, anywhere; T059, T062."""

import pytest
from django.urls import reverse

from accounts.tests.factories import EmployeeFactory
from catalog.services import branch_staff
from commerce.enums import OrderStatus
from tests.staff import rows

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-09")]
LIST = "/admin/commerce/order/"


@pytest.fixture
def order():
    return rows.order(number="HERE-0001")


@pytest.fixture
def foreign():
    return rows.order(number="ELSE-0001", status=OrderStatus.READY)


@pytest.fixture
def tied(client, order):
    """A client of an employee who works where `order` is picked."""
    employee = EmployeeFactory()
    branch_staff.set_staff(branch_id=order.branch_id, user_ids=[employee.pk], actor_id=None)
    client.force_login(employee)
    client.user = employee
    return client


def listed(client, **query):
    return {order.number for order in client.get(LIST, query).context["cl"].result_list}


def page(client, order, what="change"):
    return client.get(f"{LIST}{order.pk}/{what}/").status_code


def test_tied_employee_lists_and_counts_their_branches_only(tied, order, foreign):
    answer = tied.get(LIST)

    assert {each.number for each in answer.context["cl"].result_list} == {order.number}
    assert answer.context["cl"].result_count == 1
    assert listed(tied, q=foreign.number) == set()
    assert listed(tied, q=foreign.contact.email) == set()
    assert listed(tied, q=foreign.lines.get().isbn13) == set()
    assert listed(tied, branch__id__exact=foreign.branch_id) == set()


def test_orders_of_other_branches_are_not_there(tied, order, foreign):
    assert (page(tied, order), page(tied, foreign)) == (200, 404)


def test_palette_does_not_find_orders_of_other_branches(tied, order, foreign):
    def found(term):
        return tied.get(reverse("admin:search"), {"s": term}).content.decode()

    assert order.number in found("here")
    assert foreign.number not in found("else")


def test_lookup_does_not_find_orders_of_other_branches(tied, order, foreign):
    asked = {"app_label": "commerce", "model_name": "payment", "field_name": "order", "term": ""}
    found = tied.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [row["text"] for row in found] == [order.number]


@pytest.mark.parametrize("role", ["EMPLOYEE", "MANAGER", "ADMIN"])
def test_without_ties_and_above_every_order_is_there(desk, order, foreign, role):
    client = desk(role)
    if role != "EMPLOYEE":  # a manager's ties narrow nothing
        branch_staff.set_staff(branch_id=order.branch_id, user_ids=[client.user.pk], actor_id=None)

    assert listed(client) == {order.number, foreign.number}
    assert page(client, foreign) == 200


def test_untied_employee_sees_all_again(tied, order, foreign):
    branch_staff.set_staff(branch_id=order.branch_id, user_ids=[], actor_id=None)
    assert listed(tied) == {order.number, foreign.number}
