"""Pages that only tell something."""

import pytest

from catalog.tests.factories import BranchFactory

pytestmark = pytest.mark.django_db


@pytest.mark.req("CATL-03")
def test_delivery_names_branches_and_costs(client, django_assert_num_queries):
    BranchFactory(name="Hub", is_warehouse=True)
    BranchFactory(name="Haifa", address="23 Lighthouse Steps")
    BranchFactory(name="Closed", is_active=False)
    with django_assert_num_queries(1):
        response = client.get("/delivery/")
    assert "Delivery costs ₪30.00. Orders of ₪150.00 or more" in response.text
    assert "23 Lighthouse Steps" in response.text
    assert ("Hub" in response.text, "Closed" in response.text) == (False, False)
