"""One shape for the rows of every known file.

Known are our own JSON lines and CSV (the keys of `bookstore/demo/data/books.jsonl`), the shapes of
the goodbooks and "7k books" collections, and what `onix` makes of a product. An absent or empty
field says nothing: an import never erases, unless a feed's terms say so.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from catalog import text
from catalog.enums import BookFormat, ContributorRole
from catalog.services.imports import dated_prices, repairs, subjects
from catalog.services.imports.dated_prices import DatedAmount
from catalog.services.imports.feeds import NO_TERMS, FeedFields, Terms, Wish
from catalog.services.imports.rejections import Rejected
from catalog.validators import LONGEST_ATTRIBUTE, LONGEST_ATTRIBUTE_NAME, MOST_ATTRIBUTES

MOST_PAGES = 100_000
# As half of the world writes a price; "1,000" may be a thousand and is refused.
_DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}")
_CREDIT = re.compile(rf"(?P<name>.+?)\s*\((?P<role>{'|'.join(ContributorRole.values)})\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class BookRecord:
    """What a row says of a book; empty or None where it says nothing.

    `work` joins editions within a file. `genres` are slugs, `subject_codes` (scheme, code) of those
    who have other genres. `price` is today's; `dated_prices` are those of other days too, empty
    when the price has no days, None when nothing is said of prices. `terms` tell how the record
    is meant; only then may `isbn13` or `title` be empty. `repairs` names what was undone.
    """

    isbn13: str
    title: str
    work_title: str = ""
    subtitle: str = ""
    description: str = ""
    credits: tuple[tuple[str, str], ...] = ()
    publisher: str = ""
    published_on: date | None = None
    published_precision: str = ""
    language: str = ""
    format: str = ""
    pages: int | None = None
    series: str = ""
    series_number: str = ""
    genres: tuple[str, ...] = ()
    subject_codes: tuple[tuple[str, str], ...] = ()
    price: Decimal | None = None
    dated_prices: tuple[DatedAmount, ...] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    on_sale_on: date | None = None
    work: str = ""
    first_published_year: int | None = None
    terms: Terms = NO_TERMS
    repairs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from the other records of a batch."""
        return self.isbn13 or f"reference {self.terms.reference}"


def isbn_as_written(fields: Mapping[str, Any]) -> str:
    """Return the ISBN of a row for its report, whatever it looks like."""
    written = next((fields[key] for key in ("isbn13", "isbn10", "isbn") if fields.get(key)), "")
    return str(written).replace("\0", "").encode(errors="replace").decode()[:40]


def record_of(fields: Mapping[str, Any]) -> BookRecord:
    """Return what a row says, repaired; raise `Rejected` when it cannot be a book."""
    terms = fields.terms if isinstance(fields, FeedFields) else NO_TERMS
    isbn = _isbn(fields, terms)
    if terms.wish in {Wish.WITHDRAW, Wish.NOTHING}:
        return BookRecord(isbn13=isbn.value, title="", terms=terms, repairs=terms.notes)
    title, series, number = _title_and_series(fields)
    if not title and terms.wish != Wish.UPDATE:
        raise Rejected("TITLE_MISSING", "The row has no title.")
    language = repairs.language_of(_line(fields, "language", "language_code"))
    found = "SERIES_FROM_TITLE" if series and "series" not in fields else ""
    done = [isbn.repair, language.repair, found, *terms.notes]
    work_year, published_on, precision = _dates(fields)
    price, dated = _prices(fields)
    return BookRecord(
        isbn13=isbn.value,
        title=_limited(title, "title", 500),
        work_title=_limited(_line(fields, "original_title"), "title", 500),
        subtitle=_limited(_line(fields, "subtitle"), "subtitle", 500),
        description=repairs.text_of(fields.get("description")),
        credits=_credits(fields),
        publisher=_limited(_line(fields, "publisher"), "publisher", 200),
        published_on=published_on,
        published_precision=precision,
        language=language.value,
        format=_format(fields),
        pages=_pages(fields),
        series=_limited(series, "series", 200),
        series_number=_limited(number, "series number", 20),
        genres=_genres(fields),
        subject_codes=tuple(fields.get("subject_codes", ())) if terms.wish != Wish.ADD else (),
        price=price,
        dated_prices=dated,
        attributes=_attributes(fields),
        on_sale_on=_on_sale_on(fields),
        work=_line(fields, "work"),
        first_published_year=work_year,
        terms=terms,
        repairs=tuple(filter(None, done)),
    )


def _isbn(fields: Mapping[str, Any], terms: Terms) -> repairs.Repaired:
    """Return the ISBN; a feed's record may go by its own name for the book instead."""
    thirteen, ten = _line(fields, "isbn13"), _line(fields, "isbn10", "isbn")
    by_name = terms.reference and terms.wish in {Wish.UPDATE, Wish.WITHDRAW}
    if not thirteen and not ten and (by_name or terms.wish == Wish.NOTHING):
        return repairs.Repaired("")
    return repairs.isbn13_of(thirteen, ten)


def _line(fields: Mapping[str, Any], *names: str) -> str:
    """Return the first of these fields that says something, as tidy one-line text."""
    for name in names:
        value = text.tidy(repairs.text_of(fields.get(name)))
        if value:
            return value
    return ""


def _limited(value: str, what: str, most: int) -> str:
    if len(value) > most:
        code = f"{what.upper().replace(' ', '_')}_TOO_LONG"
        raise Rejected(code, f"The {what} is longer than {most} characters.")
    return value


def _dates(fields: Mapping[str, Any]) -> tuple[int | None, date | None, str]:
    """Return the work's first year, the edition's date and its precision.

    Goodbooks' year is the work's first publication; elsewhere a bare year is the edition's.
    """
    first = _line(fields, "first_published", "original_publication_year")
    edition = _line(fields, "published_on", "published_year")
    bare = _line(fields, "year")
    if _line(fields, "source").startswith("goodbooks"):
        first = first or bare
    else:
        edition = edition or bare
    published = repairs.date_of(edition)
    day, precision = published or (None, "")
    return repairs.year_of(first), day, precision


def _title_and_series(fields: Mapping[str, Any]) -> tuple[str, str, str]:
    title = _line(fields, "title")
    if "series" not in fields:
        return repairs.series_in_title(title)
    # Who has a place for the series means the title as it stands.
    value = fields["series"]
    if isinstance(value, Mapping):
        return title, _line(value, "name"), _line(value, "number")
    name = _line(fields, "series")
    return title, name, _line(fields, "series_number") if name else ""


def _credits(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    value = fields.get("contributors") or fields.get("authors") or ()
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ", ")
    if not isinstance(value, list | tuple):
        raise Rejected("ROW_MALFORMED", "The authors are neither a text nor a list.")
    found = dict.fromkeys(_credit(each) for each in value)
    return tuple((name, role) for name, role in found if name)


def _credit(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping):
        name, role = _line(value, "name"), _line(value, "role") or str(ContributorRole.AUTHOR)
    else:
        name, role = text.tidy(repairs.text_of(value)), str(ContributorRole.AUTHOR)
        if match := _CREDIT.fullmatch(name):
            name, role = match["name"], match["role"]
    if role not in ContributorRole:
        raise Rejected("ROLE_UNKNOWN", f"{role[:40]} is no role of a contributor.")
    return _limited(name, "name", 200), role


def _format(fields: Mapping[str, Any]) -> str:
    value = _line(fields, "format").upper()
    if value and value not in BookFormat:
        raise Rejected("FORMAT_UNKNOWN", f"{value[:40]} is no format of a book.")
    return value


def _pages(fields: Mapping[str, Any]) -> int | None:
    try:
        pages = int(float(_line(fields, "pages", "num_pages")))
    except (ValueError, OverflowError):
        return None
    return pages if 0 < pages <= MOST_PAGES else None


def _prices(
    fields: Mapping[str, Any],
) -> tuple[Decimal | None, tuple[DatedAmount, ...] | None]:
    """Return today's price and the prices of other days; a row that knows no days forgets them."""
    if not isinstance(fields, FeedFields):
        price = _price(fields)
        return price, None if price is None else ()
    dated: tuple[DatedAmount, ...] | None = fields.get("dated_prices")
    if dated is None:
        return None, None
    due = dated_prices.due_on(timezone.localdate(), dated)
    has_days = any(each.has_days for each in dated)
    return due.amount if due else None, dated if has_days else ()


def _price(fields: Mapping[str, Any]) -> Decimal | None:
    written = _line(fields, "price")
    if not written:
        return None
    if _DECIMAL_COMMA.fullmatch(written):
        written = written.replace(",", ".")
    try:
        price = Decimal(written)
        whole_cents = price == round(price, 2)
    except InvalidOperation:
        whole_cents = False
    if not whole_cents or price >= 10**8:
        raise Rejected("PRICE_INVALID", "The price is not an amount with at most two decimals.")
    if price < 0:
        raise Rejected("PRICE_NEGATIVE", "The price is negative.")
    return round(price, 2)


def _on_sale_on(fields: Mapping[str, Any]) -> date | None:
    written = repairs.date_of(_line(fields, "on_sale_on"))
    return written[0] if written else None


def _attributes(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return the facts that have no column: an object, in a cell one written as JSON."""
    value = fields.get("attributes")
    if isinstance(value, str) and value.strip():
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = [value]
    if not value:
        return {}
    if not isinstance(value, Mapping):
        raise Rejected("ATTRIBUTES_MALFORMED", "The attributes are not an object of texts.")
    pairs = ((text.tidy(repairs.text_of(name)), said) for name, said in value.items())
    tidied = {name: text.tidy(repairs.text_of(said)) for name, said in pairs}
    said_of = {name: said for name, said in tidied.items() if name and said}
    fitting = dict(filter(_fits, list(said_of.items())[:MOST_ATTRIBUTES]))
    # Whatever else a publisher tells is no reason to leave out the book.
    if fitting != said_of and not isinstance(fields, FeedFields):
        raise Rejected("ATTRIBUTES_TOO_LONG", "There are too many attributes, or one is too long.")
    return fitting


def _fits(attribute: tuple[str, str]) -> bool:
    name, said = attribute
    return len(name) <= LONGEST_ATTRIBUTE_NAME and len(said) <= LONGEST_ATTRIBUTE


def _genres(fields: Mapping[str, Any]) -> tuple[str, ...]:
    own = _words(fields.get("genres"))
    if own:
        return tuple(dict.fromkeys(own))
    foreign = (_words(fields.get(name)) for name in ("category", "categories", "tags"))
    return subjects.slugs_of(word for words in foreign for word in words)


def _words(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        value = value.split(";")
    if not isinstance(value, list | tuple):
        return []
    return [word for each in value if (word := text.tidy(repairs.text_of(each)))]
