"""When a place is open: what people and clients may write, and what follows from it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.opening_hours import DAYS, OpeningHours, OpenState

pytestmark = pytest.mark.req("OPS-05")
HAIFA = ZoneInfo("Asia/Jerusalem")
WEEK = OpeningHours.read(
    {
        "mon": [["09:00", "13:00"], ["16:00", "19:00"]],
        "tue": ["09:00", "19:00"],
        "sat": None,
        "special": {"2026-11-24": [["10:00", "12:00"]], "2026-12-25": None},
    }
)


def at(day, hour, minute=0):
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=HAIFA)  # the 23rd is a Monday


def test_hours_are_stored_in_one_form():
    assert WEEK.as_json() == {
        "mon": [["09:00", "13:00"], ["16:00", "19:00"]],
        "tue": [["09:00", "19:00"]],
        "sat": [],
        "special": {"2026-11-24": [["10:00", "12:00"]], "2026-12-25": []},
    }
    assert OpeningHours.read(WEEK.as_json()) == WEEK
    assert OpeningHours.read({}).as_json() == {}


def test_hours_are_written_as_lines():
    text = "Mon-Wed 9:00-13:00, 16:00 – 19:00\n\nfriday: 09:00-14:00\nsat closed\n2026-12-25 closed"
    hours = OpeningHours.read_text(text)
    assert hours.as_text().splitlines() == [
        "mon 09:00-13:00, 16:00-19:00",
        "tue 09:00-13:00, 16:00-19:00",
        "wed 09:00-13:00, 16:00-19:00",
        "fri 09:00-14:00",
        "sat closed",
        "2026-12-25 closed",
    ]
    assert OpeningHours.read_text(hours.as_text()) == hours
    assert list(OpeningHours.read_text("sat-mon closed").week) == ["mon", "sat", "sun"]


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "mon",
        {"monday": []},
        {"mon": "always"},
        {"mon": ["9:00", "17:00"]},
        {"mon": ["19:00", "09:00"]},
        {"mon": ["09:00", "09:00"]},
        {"mon": ["09:00"]},
        {"mon": [["09:00", "24:00"]]},
        {"mon": [["09:00", "13:00"], ["13:00", "19:00"]]},
        {"mon": [["14:00", "19:00"], ["09:00", "13:00"]]},
        {"mon": [["09:00", 19]]},
        {"mon": [[]] * 6},
        {"mon": [["٠٩:00", "19:00"]]},
        {"special": []},
        {"special": {"25 December": []}},
        {"special": {"2026-02-30": []}},
        {"special": {f"20{year}-01-{day:02}": [] for year in range(10, 99) for day in (1, 2)}},
    ],
)
def test_senseless_hours_are_invalid(said):
    with pytest.raises(Invalid) as caught:
        OpeningHours.read(said)
    assert list(caught.value.data["fields"]) == ["opening_hours"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "someday 09:00-10:00",
        "mon",
        "mon 9-17",
        "mon 09:00",
        "mon 10:00-09:00",
        "mon 09:00-10:00,",
        "mon 09:00-13:00\nmon 16:00-19:00",
        "mon-fri 09:00-19:00\nfri 09:00-14:00",
        "2026-12-24 closed\n2026-12-24 09:00-13:00",
        "mon-xyz closed",
        "2026-13-01 closed",
        "٢٠٢٦ closed",
        "\x00",
        "x" * 20_000,
    ],
)
def test_senseless_lines_are_invalid(text):
    with pytest.raises(Invalid):
        OpeningHours.read_text(text)


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        hours = OpeningHours.read_text(text)
    except Invalid:
        return
    assert OpeningHours.read_text(hours.as_text()) == hours


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(23, 8, 59), OpenState(False, at(23, 9))),
        (at(23, 9), OpenState(True, at(23, 13))),
        (at(23, 13), OpenState(False, at(23, 16))),
        (at(23, 18, 59), OpenState(True, at(23, 19))),
        (at(23, 19), OpenState(False, at(24, 10))),  # the special day
        (at(24, 12), OpenState(False, at(30, 9))),
        (at(21, 12), OpenState(False, at(23, 9))),
        (at(22, 12), None),  # nothing is known of Sundays
    ],
)
def test_open_or_not_and_until_when(now, state):
    assert WEEK.state_at(now) == state


def test_place_that_never_opens_says_so():
    shut = OpeningHours.read(dict.fromkeys(DAYS))
    assert shut.state_at(at(23, 12)) == OpenState(False, None)
