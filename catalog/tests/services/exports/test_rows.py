"""Rows of an export say what the import understands, whatever texts there are (CATL-06)."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog import text
from catalog.enums import ContributorRole, DatePrecision
from catalog.selectors.exports import ExportRecord, Subject
from catalog.services.exports import rows
from catalog.services.imports.readers import header_of, table_row
from catalog.services.imports.records import record_of
from core import tables

pytestmark = pytest.mark.req("CATL-06")

LETTERS = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(
    "=+-@;,&#\"'()<>Ãâ€œ;;&&"
)
LINES = st.text(alphabet=LETTERS, max_size=30).map(text.tidy)
TITLES = LINES.filter(bool)
PEOPLE = st.tuples(TITLES, st.sampled_from([str(role) for role in ContributorRole]))


def book(**facts):
    known = {
        "isbn13": "9780141439518",
        "title": "Emma",
        "subtitle": "",
        "description": "",
        "credits": (),
        "publisher": "",
        "published_on": None,
        "published_precision": "DAY",
        "language": "",
        "format": "",
        "pages": None,
        "price": None,
        "series": "",
        "series_number": "",
        "subjects": (),
        "work_id": 1,
        "work_title": "Emma",
        "first_published_year": None,
        "attributes": {},
        "on_sale_on": None,
        "is_withdrawn": False,
        "stock": {},
    }
    return ExportRecord(**known | facts)


def through_json(record):
    return record_of(json.loads(json.dumps(rows.fields_of(record))))


def through_csv(record):
    sink = tables.Sink()
    with tables.csv_table(sink, rows.header_of([])) as put:
        put([rows.cells_of(record, [])])
    file = io.StringIO(sink.take().decode("utf-8-sig"), newline="")
    header, cells = csv.reader(file)
    return record_of(table_row(2, header_of(header), cells).fields)


BOTH = pytest.mark.parametrize("through", [through_json, through_csv])


@BOTH
@given(title=TITLES, subtitle=LINES, publisher=LINES, series=TITLES)
@example(title="AT&amp;T (Bell, #1)", subtitle="&amp;amp;", publisher="Ã©&eacute;", series="=1+1")
def test_texts_come_through(through, title, subtitle, publisher, series):
    record = book(title=title, subtitle=subtitle, publisher=publisher, series=series)
    read = through(record)
    assert (read.title, read.subtitle) == (title, subtitle)
    assert (read.publisher, read.series) == (publisher, series)
    assert read.repairs == ()


@BOTH
@given(people=st.lists(PEOPLE, max_size=4, unique=True))
@example(people=[("Le Guin, Ursula", "AUTHOR")])
@example(
    people=[("A; B", "AUTHOR"), ("C;5", "EDITOR"), ("D (EDITOR)", "AUTHOR"), ("&#59", "AUTHOR")]
)
def test_people_come_through(through, people):
    assert through(book(credits=tuple(people))).credits == tuple(people)


@BOTH
@given(facts=st.dictionaries(TITLES, TITLES, max_size=3))
def test_attributes_come_through(through, facts):
    assert through(book(attributes=facts)).attributes == facts


@BOTH
@given(
    day=st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)),
    precision=st.sampled_from(list(DatePrecision)),
    year=st.integers(-5000, 2100).filter(bool),
    price=st.decimals(0, Decimal("99999999.99"), places=2),
    pages=st.integers(1, 100_000),
)
def test_numbers_and_dates_come_through(through, day, precision, year, price, pages):
    first = {"DAY": {}, "MONTH": {"day": 1}, "YEAR": {"day": 1, "month": 1}}[precision]
    known = day.replace(**first)
    record = book(
        published_on=known,
        published_precision=precision,
        on_sale_on=day,
        first_published_year=year,
        price=price,
        pages=pages,
        subjects=(Subject("crime", "Crime", ""), Subject("classics", "Classics", "FBC")),
    )
    read = through(record)
    assert (read.published_on, read.published_precision) == (known, precision)
    assert (read.on_sale_on, read.first_published_year) == (day, year)
    assert (read.price, read.pages) == (price, pages)
    assert read.genres == ("crime", "classics")
