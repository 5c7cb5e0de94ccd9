"""Identifiers that sort by time."""

import time

import pytest

from core.ids import uuid7


@pytest.mark.req("BASE-05")
def test_ids_sort_by_the_time_they_were_made():
    made = []
    for _ in range(3):
        made.append(uuid7())
        time.sleep(0.002)

    assert made == sorted(made)
    assert {each.version for each in made} == {7}
    assert len({uuid7() for _ in range(1_000)}) == 1_000
