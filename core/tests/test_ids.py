"""Identifiers that sort by time, and numbers of rows as people write them."""

import time

import pytest

from core.ids import is_row_id, uuid7


@pytest.mark.req("BASE-05")
def test_ids_sort_by_the_time_they_were_made():
    made = []
    for _ in range(3):
        made.append(uuid7())
        time.sleep(0.002)

    assert made == sorted(made)
    assert {each.version for each in made} == {7}
    assert len({uuid7() for _ in range(1_000)}) == 1_000


@pytest.mark.req("BASE-06")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", True),
        ("9" * 18, True),
        ("9" * 19, False),
        ("9" * 5_000, False),
        ("", False),
        ("-7", False),
        ("1.0", False),
        (" 7", False),
        ("٣", False),
        ("²", False),
        ("crime", False),
    ],
)
def test_row_id_is_a_number_that_the_database_can_hold(text, expected):
    assert is_row_id(text) is expected
