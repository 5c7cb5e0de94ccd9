"""Filters that Unfold lacks."""

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from unfold.contrib.filters.admin import RangeDateFilter

from core.days import midnight


class DayRangeFilter(RangeDateFilter):
    """Instants between two days of the shop's calendar, both included; nonsense narrows nothing."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Narrow from midnight to midnight."""
        first, last = self._day("from"), self._day("to")
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": midnight(first)})
        if last:
            after = last + dt.timedelta(days=1)
            queryset = queryset.filter(**{f"{self.field_path}__lt": midnight(after)})
        return queryset

    def _day(self, end: str) -> dt.date | None:
        said = self.used_parameters.get(f"{self.parameter_name}_{end}")
        try:
            day = parse_date(str(said))
        except ValueError:
            return None
        # Neither end of the calendar has a next day or a midnight everywhere.
        return day if day and 1 < day.year < dt.MAXYEAR else None
