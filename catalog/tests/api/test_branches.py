import pytest
from django.utils import timezone

from catalog.tests.factories import BranchFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("CATL-03")]


def test_branches_that_are_open_come_with_the_warehouse_first(api):
    shop = BranchFactory(name="Akko", phone="04-1234", opening_hours={"sat": None})
    warehouse = BranchFactory(name="Warehouse", is_warehouse=True)
    BranchFactory(is_active=False)
    BranchFactory(deleted_at=timezone.now())

    body = api.get("branches").json()

    assert body["data"] == [
        {
            "id": branch.pk,
            "name": branch.name,
            "slug": branch.slug,
            "address": "1 Main Street, Haifa",
            "phone": branch.phone,
            "is_warehouse": branch.is_warehouse,
            "is_active": True,
            "opening_hours": branch.opening_hours,
        }
        for branch in (warehouse, shop)
    ]
    assert body["pagination"]["total"] == 2


def test_branches_take_pages_and_nothing_else(api):
    BranchFactory.create_batch(3)

    assert len(api.get("branches", query={"size": 2, "page": 2}).json()["data"]) == 1
    assert api.get("branches", query={"page": 3}).status_code == 404
    assert api.get("branches", query={"city": "Haifa"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_branches_take_two_queries(api, rows, django_assert_num_queries):
    BranchFactory.create_batch(rows)

    with django_assert_num_queries(2):
        assert len(api.get("branches").json()["data"]) == rows
