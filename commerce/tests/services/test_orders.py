"""An order's roads."""

import itertools

import pytest
from django.db import DatabaseError, transaction

from accounts.tests.factories import AdminFactory, EmployeeFactory, ManagerFactory, UserFactory
from commerce.enums import ROADS, OrderStatus
from commerce.errors import InvalidStatusTransition
from commerce.models import OrderEvent, OrderLine
from commerce.services import checkout, orders
from commerce.tests.factories import DELIVERY, WarehouseFactory, stocked_book, user_with_cart
from core.errors import NotAllowed
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db):
    book = stocked_book(WarehouseFactory(), 5)
    return checkout.check_out(user=user_with_cart(book), request=DELIVERY)


@pytest.mark.req("COMM-05")
def test_every_pair_of_states_is_a_road_or_refused(order):
    people = [UserFactory(), EmployeeFactory(), ManagerFactory(), AdminFactory()]
    for before, after, actor in itertools.product(OrderStatus, OrderStatus, [None, *people]):
        with transaction.atomic():
            order.status = before
            road = ROADS[before].get(after)
            if road is None:
                with pytest.raises(InvalidStatusTransition):
                    orders.change_status(order=order, to=after, actor=actor)
            elif actor and (road.least is None or not actor.has_role(road.least)):
                with pytest.raises(NotAllowed):
                    orders.change_status(order=order, to=after, actor=actor)
            else:
                orders.change_status(order=order, to=after, actor=actor)
                assert order.status == after
            transaction.set_rollback(True)


@pytest.mark.req("COMM-05")
def test_step_is_written_down_twice_in_event_and_audit(order):
    employee = EmployeeFactory()

    orders.change_status(order=order, to=OrderStatus.IN_PROGRESS, actor=employee)

    event = OrderEvent.objects.latest("id")
    assert (event.from_status, event.to_status, event.actor_id) == (
        "CONFIRMED",
        "IN_PROGRESS",
        employee.pk,
    )
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.entity_id, entry.actor_id) == (
        "order.status_changed",
        str(order.pk),
        employee.pk,
    )
    assert entry.old_value == {"status": "CONFIRMED"}


@pytest.mark.req("COMM-02")
@pytest.mark.parametrize("change", [{"title": "x"}, {"unit_price": "1.00"}, {"quantity": 9}])
def test_database_refuses_to_change_a_snapshot(order, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        OrderLine.objects.filter(order=order).update(**change)


@pytest.mark.req("COMM-02")
def test_database_refuses_to_delete_lines_and_events(order):
    for rows in (OrderLine.objects.filter(order=order), OrderEvent.objects.filter(order=order)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_order_numbers_are_short_and_unguessable():
    numbers = {orders.new_order_number() for _ in range(1000)}

    assert len(numbers) == 1000
    assert all(len(number) == 9 and number[4] == "-" for number in numbers)
