"""Opening hours of a place: a week, and days that are different. Pure: no database.

Stored as JSON: `{"mon": [["09:00", "13:00"], ["16:00", "19:00"]], "sat": [], "special":
{"2026-12-25": []}}`. A day without spans is closed; one that is left out is not known. Written by
people as lines: `mon-fri 09:00-19:00`, `sat closed`, `2026-12-24 09:00-13:00, 14:00-16:00`.
"""

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from core.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SPANS = 5
MOST_SPECIAL_DAYS = 100
LONGEST_TEXT = 10_000
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_SPAN = re.compile(r"([0-9:]{4,5})\s*[-–]\s*([0-9:]{4,5})", re.ASCII)
_CLOSED = "closed"

type Spans = tuple[tuple[dt.time, dt.time], ...]


@dataclass(frozen=True)
class OpenState:
    """Whether a place is open; `changes_at` is when that ends, None if not within a week."""

    is_open: bool
    changes_at: dt.datetime | None


@dataclass(frozen=True)
class OpeningHours:
    """What is known of when a place is open; spans are in order and do not touch."""

    week: Mapping[str, Spans] = field(default_factory=dict)
    special: Mapping[dt.date, Spans] = field(default_factory=dict)

    @classmethod
    def read(cls, said: Any) -> Self:
        """Return what JSON says; a day may also be null or one bare pair. Raises `Invalid`."""
        if not isinstance(said, dict):
            raise _refusal(_("Give each day (mon to sun) its times."))
        days = {day: _spans(day, spans) for day, spans in said.items() if day != "special"}
        if strange := sorted(set(days) - set(DAYS)):
            raise _refusal(_("“{day}” is no day; days are mon to sun.").format(day=strange[0][:20]))
        special = said.get("special", {})
        if not isinstance(special, dict) or len(special) > MOST_SPECIAL_DAYS:
            raise _refusal(_("Give at most 100 special days, each with its date."))
        dates = {_date(date): _spans(date, spans) for date, spans in special.items()}
        return cls({day: days[day] for day in DAYS if day in days}, dict(sorted(dates.items())))

    @classmethod
    def read_text(cls, text: str) -> Self:
        """Return what lines of text say, one for a day, days ("mon-fri") or a date.

        Raises `Invalid`, also for a day that is in two lines.
        """
        if len(text) > LONGEST_TEXT:
            raise _refusal(_("This is too long."))
        said: dict[str, Any] = {"special": {}}
        for line in text.lower().splitlines():
            if line.strip():
                days, times = _of_line(line.strip())
                for day in days:
                    place = said if day in DAYS else said["special"]
                    if day in place:  # the first line's hours would be lost without a word
                        raise _refusal(_("{day}: write all its times in one line.").format(day=day))
                    place[day] = times
        return cls.read(said)

    def as_json(self) -> dict[str, Any]:
        """Return the form that is stored."""
        said: dict[str, Any] = {day: _pairs(spans) for day, spans in self.week.items()}
        if self.special:
            said["special"] = {day.isoformat(): _pairs(it) for day, it in self.special.items()}
        return said

    def as_text(self) -> str:
        """Return the lines that people write."""
        lines = [f"{day} {_written(spans)}" for day, spans in self.week.items()]
        lines += [f"{day.isoformat()} {_written(spans)}" for day, spans in self.special.items()]
        return "\n".join(lines)

    def on(self, date: dt.date) -> Spans | None:
        """Return the hours of a date, None where they are not known."""
        return self.special.get(date, self.week.get(DAYS[date.weekday()]))

    def state_at(self, now: dt.datetime) -> OpenState | None:
        """Return whether it is open at a moment of its own time zone; None if not known."""
        today = self.on(now.date())
        if today is None:
            return None
        for starts, ends in today:
            if starts <= now.time() < ends:
                return OpenState(True, _moment(now.date(), ends, now))
        return OpenState(False, self._next_opening(now))

    def _next_opening(self, now: dt.datetime) -> dt.datetime | None:
        for ahead in range(8):
            date = now.date() + dt.timedelta(days=ahead)
            for starts, _ends in self.on(date) or ():
                if ahead or starts > now.time():
                    return _moment(date, starts, now)
        return None


def _moment(date: dt.date, time: dt.time, now: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(date, time, tzinfo=now.tzinfo)


def _spans(day: str, said: Any) -> Spans:
    if said is None:
        return ()
    if not isinstance(said, list) or len(said) > MOST_SPANS:
        raise _refusal(_("{day}: give up to five pairs of times.").format(day=day[:20]))
    if len(said) == 2 and all(isinstance(time, str) for time in said):
        said = [said]
    spans = tuple(_span(day, pair) for pair in said)
    if any(before[1] >= after[0] for before, after in itertools.pairwise(spans)):
        raise _refusal(_("{day}: put the times in order, with a gap between.").format(day=day))
    return spans


def _span(day: str, pair: Any) -> tuple[dt.time, dt.time]:
    is_pair = isinstance(pair, list) and len(pair) == 2
    if not is_pair or not all(isinstance(t, str) and _CLOCK.fullmatch(t) for t in pair):
        raise _refusal(_("{day}: write times like 09:00-19:00.").format(day=day[:20]))
    starts, ends = (dt.time.fromisoformat(time) for time in pair)
    if starts >= ends:
        raise _refusal(_("{day}: it closes after it opens.").format(day=day))
    return starts, ends


def _date(said: str) -> dt.date:
    try:
        return dt.datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        shown = said[:20]
        raise _refusal(_("“{day}” is no date like 2026-12-25.").format(day=shown)) from None


def _of_line(line: str) -> tuple[list[str], list[list[str]]]:
    names, _space, rest = line.replace("–", "-").partition(" ")
    if names[:1].isdigit():
        days = [names.strip(":")]
    else:
        first, _dash, last = names.strip(":").partition("-")
        days = _days_between(first, last or first)
    return days, _times_of(names, rest.strip())


def _days_between(first: str, last: str) -> list[str]:
    for name in (first, last):
        if name[:3] not in DAYS:
            raise _refusal(_("“{day}” is no day; days are mon to sun.").format(day=name[:20]))
    start, end = DAYS.index(first[:3]), DAYS.index(last[:3])
    return [DAYS[(start + step) % 7] for step in range((end - start) % 7 + 1)]


def _times_of(names: str, rest: str) -> list[list[str]]:
    if rest == _CLOSED:
        return []
    found = [_SPAN.fullmatch(part.strip()) for part in rest.split(",")]
    if not all(found):
        raise _refusal(_("{day}: write times like 09:00-19:00.").format(day=names[:20]))
    return [[time.zfill(5) for time in span.groups()] for span in found if span]


def _pairs(spans: Spans) -> list[list[str]]:
    return [[f"{starts:%H:%M}", f"{ends:%H:%M}"] for starts, ends in spans]


def _written(spans: Spans) -> str:
    return ", ".join("-".join(pair) for pair in _pairs(spans)) or _CLOSED


def _refusal(sentence: str) -> Invalid:
    return Invalid(fields={"opening_hours": [sentence]})
