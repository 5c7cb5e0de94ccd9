"""Undoing what spreadsheets, web pages and foreign conventions did to facts about books."""

import functools
import html
import re
import unicodedata
from datetime import date
from typing import Any, NamedTuple

from babel import Locale
from babel.core import get_global
from django.core.exceptions import ValidationError

from catalog.enums import DatePrecision
from catalog.services.imports.rejections import Rejected
from catalog.validators import to_isbn13

_SHORTEST_PADDED = 6
_WHOLE = re.compile(r"97[89][0-9]{10}")
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOJIBAKE = re.compile("[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
_SERIES = re.compile(
    r"^(?P<title>.*\S)\s*\((?P<series>[^()#]*[^()#\s,]),?\s*#\s*"
    r"(?P<number>\d+(?:\.\d+)?(?:\s*[-–]\s*\d+(?:\.\d+)?)?)"
    # Of two series the first counts.
    r"\s*(?:;[^()#]*#[^()#]*)?\)$"
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


class Repaired(NamedTuple):
    """A value and the code of what was done to it, empty when it was right as written."""

    value: str
    repair: str = ""


def text_of(value: Any) -> str:
    """Return a cell's text: entities and double-decoded UTF-8 undone, composed letters.

    Raises `Rejected` for a NUL character and for bytes that were no UTF-8.
    """
    if value is None:
        return ""
    text = str(value)
    if text.isascii() and text.isprintable() and "&" not in text:
        return text.strip()
    if "\0" in text:
        raise Rejected("NUL_CHARACTER", "The row has a NUL character.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Rejected("ENCODING", "The row is not in UTF-8.") from None
        text = unicodedata.normalize("NFC", _without_mojibake(text))
    if "&" in text:
        text = html.unescape(text)
    return _CONTROLS.sub("", text).strip()


def _without_mojibake(text: str) -> str:
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode()
    except UnicodeError:
        return text


def isbn13_of(isbn13: str, isbn10: str) -> Repaired:
    """Return the ISBN-13 that two cells tell; raise `Rejected` when neither does.

    A float ("9.78E+12") has lost its digits: then the ISBN-10 counts. An ISBN-10 that a
    spreadsheet took for a number gets its leading zeros back if its check digit then fits.
    """
    if not isbn13 and not isbn10:
        raise Rejected("ISBN_MISSING", "The row has no ISBN.")
    whole, ten = isbn13.removesuffix(".0"), isbn10.removesuffix(".0")
    for written in (whole, ten):
        if len(_compact(written)) > 10 and (found := _valid(written)):
            return Repaired(found)
    short = _compact(ten or whole)
    if len(short) == 10 and (found := _valid(short)):
        return Repaired(found, "ISBN_FROM_ISBN10" if ten and isbn13 else "")
    if _SHORTEST_PADDED <= len(short) < 10 and (found := _valid(short.zfill(10))):
        return Repaired(found, "ISBN_PADDED")
    if re.fullmatch(r"[\d.]+[eE]\+?\d+", isbn10 or isbn13):
        raise Rejected("ISBN_LOST", "The ISBN was rounded by a spreadsheet; its digits are lost.")
    raise Rejected("ISBN_INVALID", "The ISBN's check digit or length is wrong.")


def _compact(isbn: str) -> str:
    return re.sub(r"[\s-]", "", isbn)


def _valid(text: str) -> str:
    if _WHOLE.fullmatch(text):
        # As nearly all are: a feed has millions, and the long way takes ten times as long.
        odd, even = sum(map(int, text[::2])), sum(map(int, text[1::2]))
        return text if (odd + 3 * even) % 10 == 0 else ""
    try:
        return to_isbn13(text)
    except ValidationError:
        return ""


@functools.cache
def _two_letter_codes() -> tuple[dict[str, str], frozenset[str]]:
    known = frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)
    return dict(get_global("language_aliases")), known


@functools.lru_cache(maxsize=1_000)
def language_of(code: str) -> Repaired:
    """Return the ISO 639-1 code of "eng", "en-US", "fre", "nl" …; empty for those without one."""
    aliases, known = _two_letter_codes()
    base = re.split(r"[-_]", code.strip().lower())[0]
    language = aliases.get(base, base)
    if language in known:
        return Repaired(language)
    return Repaired("", "LANGUAGE_UNKNOWN" if base else "")


def series_in_title(title: str) -> tuple[str, str, str]:
    """Split "The Hunger Games (The Hunger Games, #1)" into title, series and number.

    Whatever does not look exactly so stays in the title.
    """
    match = _SERIES.match(title)
    if not match:
        return title, "", ""
    number = re.sub(r"\s*[-–]\s*", "-", match["number"])
    return match["title"], match["series"], number


def year_of(text: str) -> int | None:
    """Return the year of "2008", "2008.0" or "-750.0"; None for anything else."""
    try:
        year = int(float(text))
    except (ValueError, OverflowError):
        return None
    return year if -5000 <= year <= 2100 and year != 0 else None


def date_of(text: str) -> tuple[date, str] | None:
    """Return the day of "2003", "2003-05" or "2003-05-01" and how much of it is known."""
    match = _DATE.fullmatch(text.removesuffix(".0"))
    if not match:
        return None
    year, month, day = match.groups()
    precision = DatePrecision.DAY if day else DatePrecision.MONTH if month else DatePrecision.YEAR
    try:
        return date(int(year), int(month or 1), int(day or 1)), str(precision)
    except ValueError:
        return None
