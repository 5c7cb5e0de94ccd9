"""Days of the shop's calendar."""

import datetime as dt

from django.utils import timezone


def midnight(day: dt.date) -> dt.datetime:
    """Return the instant at which a day begins where the shop is."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_current_timezone())
