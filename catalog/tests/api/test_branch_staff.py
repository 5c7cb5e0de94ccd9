"""GET and PUT /admin/branches/{id}/staff; T059, T062."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import PASSWORD, EmployeeFactory, ManagerFactory, UserFactory
from catalog.models import BranchStaff
from catalog.tests.factories import BranchFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUTH-05")]


@pytest.fixture
def managed(api):
    api.sign_in(ManagerFactory().email, PASSWORD)
    return api


def path(branch):
    return f"admin/branches/{branch.pk}/staff"


def put(api, branch, *ids):
    return api.put(path(branch), {"user_ids": [str(each) for each in ids]})


def test_manager_sets_and_reads_the_staff_of_a_branch(managed):
    branch, other = BranchFactory(), BranchFactory()
    employee = EmployeeFactory()

    answer = put(managed, branch, employee.pk)

    shown = {
        "branch_id": branch.pk,
        "staff": [
            {
                "id": str(employee.pk),
                "email": employee.email,
                "full_name": employee.full_name,
                "role": "EMPLOYEE",
            }
        ],
    }
    assert (answer.status_code, answer.json()["data"]) == (200, shown)
    assert managed.get(path(branch)).json()["data"] == shown
    assert managed.get(path(other)).json()["data"] == {"branch_id": other.pk, "staff": []}
    assert put(managed, branch, employee.pk).json()["data"] == shown
    assert put(managed, branch).json()["data"]["staff"] == []


def test_strangers_are_refused_by_id(managed):
    branch, customer = BranchFactory(), UserFactory()

    answer = put(managed, branch, customer.pk)

    assert (answer.status_code, answer.json()["error"]["details"]) == (
        400,
        {"user_ids": [f"Not staff: {customer.pk}."]},
    )
    assert BranchStaff.objects.count() == 0


@pytest.mark.parametrize(
    "body", [{}, {"user_ids": "x"}, {"user_ids": ["x"]}, {"user_ids": [], "branch": 1}]
)
def test_senseless_bodies_are_refused(managed, body):
    assert managed.put(path(BranchFactory()), body).status_code == 400


@pytest.mark.parametrize("number", [0, 10**30])
def test_unknown_branch_is_not_found(managed, number):
    answer = managed.get(f"admin/branches/{number}/staff")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "BRANCH_NOT_FOUND")
    answer = managed.put(f"admin/branches/{number}/staff", {"user_ids": [str(uuid.uuid4())]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "BRANCH_NOT_FOUND")


def test_list_asks_the_same_questions_at_one_and_three_people(managed):
    branch = BranchFactory()

    def asked():
        with CaptureQueriesContext(connection) as captured:
            managed.get(path(branch))
        return len(captured)

    people = [EmployeeFactory() for _ in range(3)]
    put(managed, branch, people[0].pk)
    at_one = asked()
    put(managed, branch, *[person.pk for person in people])
    assert (at_one, asked()) == (3, 3)
