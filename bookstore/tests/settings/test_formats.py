"""Dates without a format of their own, as the staff desk shows them."""

import datetime as dt

import pytest
from django.utils import formats

pytestmark = pytest.mark.req("BASE-03")
MOMENT = dt.datetime(2026, 11, 1, 16, 9, tzinfo=dt.UTC)


def test_dates_are_british_and_clocks_have_24_hours():
    assert formats.date_format(MOMENT, "DATETIME_FORMAT") == "1 Nov 2026, 16:09"
    assert formats.date_format(MOMENT, "SHORT_DATETIME_FORMAT") == "1 Nov 2026, 16:09"
    assert formats.date_format(MOMENT) == "1 November 2026"
    assert formats.date_format(MOMENT, "SHORT_DATE_FORMAT") == "1 Nov 2026"
    assert formats.time_format(MOMENT) == "16:09"
