"""Dates as ONIX writes them (its list 55), as far as they are of our calendar."""

import re
from datetime import date

from lxml import etree

from catalog.services.imports.onix.names import Names, text_within

_DAY, _MONTH, _YEAR, _IN_WORDS = "00", "01", "05", "12"
_BEFORE_CHRIST = re.compile(r"-\d{1,4}")  # as our own messages write such years
_FORMATS = {
    _DAY: r"(\d{4})(\d\d)(\d\d)",
    _MONTH: r"(\d{4})(\d\d)",
    "02": r"(\d{4})(\d\d)",  # a week
    "03": r"(\d{4})[1-4]",  # a quarter
    "04": r"(\d{4})[1-4]",  # a season
    _YEAR: r"(\d{4})",
    "06": r"(\d{4})(\d\d)(\d\d)\d{8}",  # spans: what they begin with
    "07": r"(\d{4})(\d\d)\d{6}",
    "11": r"(\d{4})\d{4}",
    "13": r"(\d{4})(\d\d)(\d\d)T\d{4}",
    "14": r"(\d{4})(\d\d)(\d\d)T\d{6}",
}
_BY_LENGTH = {8: _DAY, 6: _MONTH, 4: _YEAR}


def written_date(names: Names, composite: etree._Element | None, name: str = "Date") -> str:
    """Return the date in a composite as "2026-05-01", "2026-05" or "2026"; empty for none.

    Its format is an attribute, an element beside it, or told by its length.
    """
    element = names.first(composite, name)
    if element is None:
        return ""
    stated = element.get("dateformat") or names.text(composite, "DateFormat")
    return iso_date(text_within(element), stated)


def iso_date(text: str, stated: str = "") -> str:
    """Return a date as far as it is known, in ISO 8601; empty for what we cannot read."""
    if stated == _IN_WORDS:
        return text if _BEFORE_CHRIST.fullmatch(text) else ""
    compact = text.replace("-", "") if not stated else text
    # Times of day and zones do not matter: books appear on days.
    compact = re.sub(r"^(\d{8})T.*", r"\1", compact)
    fitting = _DAY if stated in {"13", "14"} else stated
    match = re.fullmatch(_FORMATS.get(fitting or _BY_LENGTH.get(len(compact), ""), "-"), compact)
    if not match:
        return ""
    if stated == "02":
        return _month_of_week(*match.groups())
    return "-".join(match.groups())


def _month_of_week(year: str, week: str) -> str:
    try:
        return f"{date.fromisocalendar(int(year), int(week), 1):%Y-%m}"
    except ValueError:
        return ""


def day_of(text: str) -> date | None:
    """Return the first day of a date in ISO 8601; None for no date."""
    year, month, day = ([*text.split("-"), "1", "1"][:3]) if text else ("", "", "")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
