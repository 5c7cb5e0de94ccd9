"""A book as our own files tell it, so that our import reads the very same again.

JSON lines hold every fact in its own shape; a row of a table holds texts and numbers.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from catalog.enums import ContributorRole, DatePrecision
from catalog.selectors.exports import ExportRecord
from catalog.services.imports import repairs
from catalog.services.imports.rejections import Rejected
from core.tables import Cell

HEADER = (
    *("isbn13", "title", "subtitle", "contributors", "publisher", "published_on", "language"),
    *("format", "pages", "price", "genres", "series", "series_number", "description", "work"),
    *("original_title", "first_published", "on_sale_on", "attributes", "stock"),
)
_SPECIAL = re.compile(r"(?:[;&]|[^\x00-\x7f])+\d*")
_KNOWN_TO = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7, DatePrecision.DAY: 10}


def fields_of(record: ExportRecord) -> dict[str, Any]:
    """Return what a JSON line says of a book; `stock` is for information, imports leave it be."""
    return {
        "isbn13": record.isbn13,
        "title": spelled(record.title),
        "subtitle": spelled(record.subtitle),
        "work": work_key(record),
        "original_title": spelled(original_title(record)),
        "first_published": record.first_published_year,
        "contributors": [{"name": spelled(name), "role": role} for name, role in record.credits],
        "publisher": spelled(record.publisher),
        "published_on": published_on(record),
        "language": record.language,
        "format": record.format,
        "pages": record.pages,
        "price": None if record.price is None else str(record.price),
        "genres": [subject.slug for subject in record.subjects],
        "series": _series(record),
        "description": spelled(record.description),
        "on_sale_on": record.on_sale_on and record.on_sale_on.isoformat(),
        "attributes": {spelled(name): spelled(said) for name, said in record.attributes.items()},
        "stock": dict(record.stock),
    }


def cells_of(record: ExportRecord, places: Sequence[str]) -> list[Cell]:
    """Return the cells below `HEADER` and the copies in each of the branches."""
    fields = fields_of(record)
    series = fields["series"] or {"name": "", "number": ""}
    attributes = fields["attributes"]
    said: dict[str, Cell] = fields | {
        "contributors": _people(record),
        "price": record.price,
        "genres": ";".join(fields["genres"]),
        "series": series["name"],
        "series_number": series["number"],
        "attributes": json.dumps(attributes, ensure_ascii=False) if attributes else "",
        "stock": sum(record.stock.values()),
    }
    return [
        *(said[name] for name in HEADER),
        *(record.stock.get(place, 0) for place in places),
    ]


def header_of(places: Sequence[str]) -> list[str]:
    """Return the names of a table's columns; each branch has one for its copies."""
    return [*HEADER, *(f"stock_{place}" for place in places)]


def work_key(record: ExportRecord) -> str:
    """Return what editions of one work have in common within a file."""
    return f"work-{record.work_id}"


def original_title(record: ExportRecord) -> str:
    """Return the work's title where it is another than the edition's."""
    return record.work_title if record.work_title != record.title else ""


def published_on(record: ExportRecord) -> str:
    """Return as much of the date as is known: "2003", "2003-05" or "2003-05-01"."""
    if record.published_on is None:
        return ""
    precision = DatePrecision(record.published_precision)
    return record.published_on.isoformat()[: _KNOWN_TO[precision]]


def spelled(text: str) -> str:
    """Return the text so that the import's repairs lead to it and not past it.

    They undo what web pages did to texts: a title that is about "&amp;" would lose it.
    """
    if text.isascii() and "&" not in text:
        return text
    escaped = text.replace("&", "&amp;")
    numbers = "".join(each if each.isascii() else f"&#{ord(each)};" for each in escaped)
    return next((each for each in (text, escaped, numbers) if _read(each) == text), text)


def _read(text: str) -> str:
    try:
        return repairs.text_of(text)
    except Rejected:
        return ""


def _series(record: ExportRecord) -> dict[str, str] | None:
    if not record.series:
        return None
    return {"name": spelled(record.series), "number": spelled(record.series_number)}


def _people(record: ExportRecord) -> str:
    people = "; ".join(_person(name, role) for name, role in record.credits)
    # Without a semicolon a comma would part names.
    return f"{people};" if ", " in people and ";" not in people else people


def _person(name: str, role: str) -> str:
    is_plain = role == ContributorRole.AUTHOR and not name.endswith(")")
    if ";" in name or _read(name) != name:
        name = _SPECIAL.sub(_by_number, name)
    return name if is_plain else f"{name} ({role})"


def _by_number(found: re.Match[str]) -> str:
    # Numbers of letters need no semicolon, which would part names, if no digit comes next.
    return "".join(f"&#{ord(each)}" for each in found[0])
