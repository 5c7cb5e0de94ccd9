"""The branches that people can walk into: where they are and when they are open."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookstore.pages import structured_data
from catalog.selectors import branches as branch_selectors
from catalog.selectors.branches import BranchInfo
from core.opening_hours import DAYS, OpeningHours, Spans

DAYS_AHEAD = 31  # of special days that a page tells


@dataclass(frozen=True)
class ShownBranch:
    """A branch with the words for its hours; `state` is "" where they are not known."""

    branch: BranchInfo
    is_open: bool
    state: str


@dataclass(frozen=True)
class ShownDay:
    """A line of the opening hours; `is_today` for the day it is."""

    label: str
    hours: str
    is_today: bool


@require_safe
def branches(request: HttpRequest) -> HttpResponse:
    """Every branch with its address, and whether it is open."""
    now = timezone.localtime()
    shown = [_shown(branch, now) for branch in branch_selectors.shops()]
    return render(request, "pages/branches.html", {"branches": shown})


@require_safe
def branch(request: HttpRequest, slug: str) -> HttpResponse:
    """One branch: address, telephone, hours."""
    now = timezone.localtime()
    found = branch_selectors.shop(slug)
    context = {
        "shown": _shown(found, now),
        "week": week_of(found.hours, now.date()),
        "special": special_days(found.hours, now.date()),
        "structured": structured_data.of_branch(found, request.build_absolute_uri),
    }
    return render(request, "pages/branch.html", context)


def week_of(hours: OpeningHours, today: dt.date) -> list[ShownDay]:
    """Return a line for each day of the week whose hours are known."""
    return [
        ShownDay(str(WEEKDAYS[number]), _written(hours.week[day]), number == today.weekday())
        for number, day in enumerate(DAYS)
        if day in hours.week
    ]


def special_days(hours: OpeningHours, today: dt.date) -> list[ShownDay]:
    """Return a line for each day of the next weeks that is different."""
    last = today + dt.timedelta(days=DAYS_AHEAD)
    return [
        ShownDay(date_format(date, "l j F"), _written(spans), date == today)
        for date, spans in hours.special.items()
        if today <= date <= last
    ]


def state_of(hours: OpeningHours, now: dt.datetime) -> str:
    """Return "Open until 19:00", "Opens tomorrow at 9:00" …; "" where the hours are not known."""
    state = hours.state_at(now)
    if state is None:
        return ""
    if state.changes_at is None:
        return _("Closed")
    time = f"{state.changes_at:%H:%M}"
    ahead = (state.changes_at.date() - now.date()).days
    if state.is_open:
        return _("Open until {time}").format(time=time)
    if ahead == 0:
        return _("Closed now, opens at {time}").format(time=time)
    if ahead == 1:
        return _("Closed, opens tomorrow at {time}").format(time=time)
    day = WEEKDAYS[state.changes_at.weekday()]
    return _("Closed, opens on {day} at {time}").format(day=day, time=time)


def _shown(branch: BranchInfo, now: dt.datetime) -> ShownBranch:
    state = branch.hours.state_at(now)
    return ShownBranch(branch, bool(state and state.is_open), state_of(branch.hours, now))


def _written(spans: Spans) -> str:
    return ", ".join(f"{starts:%H:%M}–{ends:%H:%M}" for starts, ends in spans) or _("Closed")
