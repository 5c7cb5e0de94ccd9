"""Rows of every known shape as one record."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.services.imports.records import isbn_as_written, record_of
from catalog.services.imports.rejections import Rejected

pytestmark = pytest.mark.req("CATL-06")

ISBN = "9780439023481"


def test_own_json_lines():
    record = record_of(
        {
            "isbn13": ISBN,
            "title": " The  Hunger Games ",
            "subtitle": "",
            "work": "hunger-games",
            "first_published": 2008,
            "contributors": [
                {"name": "Suzanne Collins", "role": "AUTHOR"},
                {"name": "Carolyn McCormick", "role": "NARRATOR"},
            ],
            "publisher": "Scholastic",
            "published_on": "2008-09",
            "language": "en",
            "format": "AUDIOBOOK",
            "pages": None,
            "price": "59.90",
            "genres": ["dystopia", "my-own-genre"],
            "series": {"name": "The Hunger Games", "number": "1"},
            "description": "Two\nlines.",
        }
    )
    assert (record.title, record.work, record.first_published_year) == (
        "The Hunger Games",
        "hunger-games",
        2008,
    )
    assert record.credits == (
        ("Suzanne Collins", "AUTHOR"),
        ("Carolyn McCormick", "NARRATOR"),
    )
    assert (record.published_on, record.published_precision) == (date(2008, 9, 1), "MONTH")
    assert (record.format, record.pages, record.price) == ("AUDIOBOOK", None, Decimal("59.90"))
    assert record.genres == ("dystopia", "my-own-genre")
    assert (record.series, record.series_number) == ("The Hunger Games", "1")
    assert (record.description, record.repairs) == ("Two\nlines.", ())


def test_own_csv():
    record = record_of(
        {
            "isbn13": ISBN,
            "title": "The Hunger Games",
            "contributors": "Suzanne Collins; Carolyn McCormick (NARRATOR)",
            "genres": "dystopia;young-adult",
            "series": "The Hunger Games",
            "series_number": "1",
            "price": "",
        }
    )
    assert record.credits == (
        ("Suzanne Collins", "AUTHOR"),
        ("Carolyn McCormick", "NARRATOR"),
    )
    assert record.genres == ("dystopia", "young-adult")
    assert (record.series, record.series_number, record.price) == ("The Hunger Games", "1", None)


def test_goodbooks_csv():
    record = record_of(
        {
            "isbn": "439023483",
            "isbn13": "9.78043902348e+12",
            "authors": "Suzanne Collins, Somebody Else",
            "original_publication_year": "-750.0",
            "original_title": "Hunger",
            "title": "The Hunger Games (The Hunger Games, #1)",
            "language_code": "eng",
        }
    )
    assert (record.isbn13, record.title, record.work_title) == (ISBN, "The Hunger Games", "Hunger")
    assert record.credits == (("Suzanne Collins", "AUTHOR"), ("Somebody Else", "AUTHOR"))
    assert (record.first_published_year, record.published_on) == (-750, None)
    assert record.language == "en"
    assert record.repairs == ("ISBN_PADDED", "SERIES_FROM_TITLE")


@pytest.mark.parametrize(
    ("source", "work_year", "published_on"),
    [("goodbooks-10k", 2008, None), ("books-7k", None, date(2008, 1, 1))],
)
def test_joined_json_lines(source, work_year, published_on):
    record = record_of(
        {
            "source": source,
            "isbn10": "0439023483",
            "isbn13": ISBN,
            "title": "The Hunger Games",
            "authors": ["Suzanne Collins", "Suzanne Collins"],
            "year": 2008,
            "language": None,
            "category": "Young Adult Fiction",
            "tags": ["fiction", "dystopian", "to-read", "suzanne-collins", "sci-fi"],
            "pages": 374,
        }
    )
    assert record.credits == (("Suzanne Collins", "AUTHOR"),)
    assert (record.first_published_year, record.published_on) == (work_year, published_on)
    # Fiction and science fiction are above dystopias; shelves and names are no genres.
    assert record.genres == ("young-adult", "dystopia")
    assert record.pages == 374


def test_books_7k_csv():
    record = record_of(
        {
            "isbn13": "9.78E+12",
            "isbn10": "2005883",
            "title": "Gilead",
            "authors": "Marilynne Robinson;Another",
            "categories": "Fiction",
            "published_year": "2004",
            "num_pages": "247",
        }
    )
    assert (record.isbn13, record.pages) == ("9780002005883", 247)
    assert record.credits == (("Marilynne Robinson", "AUTHOR"), ("Another", "AUTHOR"))
    assert (record.published_on, record.published_precision) == (date(2004, 1, 1), "YEAR")
    assert record.genres == ("fiction",)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"isbn13": ""}, "ISBN_MISSING"),
        ({"isbn13": "9780439023482"}, "ISBN_INVALID"),
        ({"title": " "}, "TITLE_MISSING"),
        ({"title": "x" * 501}, "TITLE_TOO_LONG"),
        ({"title": "a\0b"}, "NUL_CHARACTER"),
        ({"title": "caf\udce9"}, "ENCODING"),
        ({"subtitle": "x" * 501}, "SUBTITLE_TOO_LONG"),
        ({"publisher": "x" * 201}, "PUBLISHER_TOO_LONG"),
        ({"series": {"name": "S", "number": "x" * 21}}, "SERIES_NUMBER_TOO_LONG"),
        ({"authors": ["x" * 201]}, "NAME_TOO_LONG"),
        ({"authors": 7}, "ROW_MALFORMED"),
        ({"contributors": [{"name": "A", "role": "COOK"}]}, "ROLE_UNKNOWN"),
        ({"format": "scroll"}, "FORMAT_UNKNOWN"),
        ({"price": "-1"}, "PRICE_NEGATIVE"),
        ({"price": "1.001"}, "PRICE_INVALID"),
        ({"price": "1,000"}, "PRICE_INVALID"),
        ({"price": "1.000,50"}, "PRICE_INVALID"),
        ({"price": "free"}, "PRICE_INVALID"),
        ({"price": "NaN"}, "PRICE_INVALID"),
        ({"price": "Infinity"}, "PRICE_INVALID"),
        ({"price": "100000000"}, "PRICE_INVALID"),
    ],
)
def test_row_that_cannot_be_a_book_is_rejected(change, code):
    with pytest.raises(Rejected) as caught:
        record_of({"isbn13": ISBN, "title": "A"} | change)
    assert caught.value.code == code


@pytest.mark.parametrize("pages", ["0", "-3", "many", "1e9", "inf", None])
def test_senseless_number_of_pages_is_left_out(pages):
    assert record_of({"isbn13": ISBN, "title": "A", "pages": pages}).pages is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"isbn13": "", "isbn": "43902"}, "43902"),
        ({"isbn13": "97\0804\udce9"}, "97804?"),
        ({}, ""),
    ],
)
def test_isbn_as_written_is_always_writable(fields, expected):
    assert isbn_as_written(fields) == expected


@pytest.mark.parametrize("series", [None, "", {"name": "S"}, "S"])
def test_title_stays_as_it_is_beside_a_field_for_the_series(series):
    record = record_of(
        {"isbn13": "9780439023481", "title": "The Hunger Games (Panem, #1)", "series": series}
    )
    assert (record.title, record.series) == ("The Hunger Games (Panem, #1)", "S" if series else "")
    assert record.repairs == ()


def _record(**fields):
    return record_of({"isbn13": "9780140449136", "title": "A"} | fields)


@pytest.mark.parametrize(
    ("written", "attributes"),
    [
        ({"Weight": " 195  g "}, {"Weight": "195 g"}),
        ('{"Weight": "195 g", "Pages": 12}', {"Weight": "195 g", "Pages": "12"}),
        ({"": "x", "Empty": ""}, {}),
        ("", {}),
        (None, {}),
    ],
)
def test_attributes_are_an_object_or_json_in_a_cell(written, attributes):
    assert _record(attributes=written).attributes == attributes


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Weight: 195 g", "ATTRIBUTES_MALFORMED"),
        ("[1]", "ATTRIBUTES_MALFORMED"),
        (["a"], "ATTRIBUTES_MALFORMED"),
        ({"a": "x" * 501}, "ATTRIBUTES_TOO_LONG"),
        ({"a" * 61: "x"}, "ATTRIBUTES_TOO_LONG"),
        ({f"{number}": "x" for number in range(51)}, "ATTRIBUTES_TOO_LONG"),
    ],
)
def test_attributes_that_are_none_reject_the_row(written, code):
    with pytest.raises(Rejected) as rejected:
        _record(attributes=written)
    assert rejected.value.code == code


def test_a_table_may_bring_a_strict_on_sale_date_but_no_terms():
    given = _record(on_sale_on="2026-03-15", subject_codes=[("THEMA", "F")], price="10")
    assert given.on_sale_on == date(2026, 3, 15)
    assert (given.subject_codes, given.terms.wish, given.dated_prices) == ((), "ADD", ())


@pytest.mark.parametrize("written", ["81.50", "81,50", "81,5", " 81,50 "])
def test_price_is_read_with_a_point_or_a_comma(written):
    row = {"isbn13": "9780140449136", "title": "Emma", "price": written}
    assert record_of(row).price == Decimal("81.50")
