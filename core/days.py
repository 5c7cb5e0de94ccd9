"""Days of the shop's calendar."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format

# By how much of a date is known.
_FORMATS = {"DAY": "j F Y", "MONTH": "F Y", "YEAR": "Y"}


def midnight(day: dt.date) -> dt.datetime:
    """Return the instant at which a day begins where the shop is."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_current_timezone())


def written_day(day: dt.date, known_to: str = "DAY") -> str:
    """Return a date in the reader's language, as much of it as is known (DAY, MONTH or YEAR)."""
    return date_format(day, _FORMATS[known_to])
