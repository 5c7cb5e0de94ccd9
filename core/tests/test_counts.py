"""Counts that stop where nobody needs more."""

import pytest

from core import counts
from core.models import AuditEntry

pytestmark = pytest.mark.req("OPS-05")


@pytest.mark.django_db
def test_count_stops_just_past_the_most(django_assert_num_queries):
    rows = AuditEntry.objects.order_by("entity_id")
    AuditEntry.objects.bulk_create(AuditEntry(entity_type="x", action="x") for _ in range(5))
    with django_assert_num_queries(3):
        assert [counts.capped(rows, most) for most in (9, 5, 3)] == [5, 5, 4]


def test_count_beyond_the_most_says_so():
    assert [counts.written(number) for number in (0, 1_000, 1_001)] == ["0", "1000", "1,000+"]
