"""Facts about books, repaired."""

from datetime import date

import pytest

from catalog.services.imports import repairs
from catalog.services.imports.rejections import Rejected

pytestmark = pytest.mark.req("CATL-06")


@pytest.mark.parametrize(
    ("isbn13", "isbn10", "expected", "repair"),
    [
        ("9780439023481", "", "9780439023481", ""),
        ("978-0-439-02348-1", "", "9780439023481", ""),
        ("9780439023481.0", "", "9780439023481", ""),
        ("", "978-0-439-02348-1", "9780439023481", ""),
        ("", "0-439-02348-3", "9780439023481", ""),
        ("", "439023483", "9780439023481", "ISBN_PADDED"),
        ("9.78043902348e+12", "439023483", "9780439023481", "ISBN_PADDED"),
        ("9.78043902348e+12", "0439023483", "9780439023481", "ISBN_FROM_ISBN10"),
        ("", "080442957x", "9780804429573", ""),
        ("", "2005883", "9780002005883", "ISBN_PADDED"),
        ("439023483", "", "9780439023481", "ISBN_PADDED"),
    ],
)
def test_isbn_is_read_in_every_spelling(isbn13, isbn10, expected, repair):
    assert repairs.isbn13_of(isbn13, isbn10) == (expected, repair)


@pytest.mark.parametrize(
    ("isbn13", "isbn10", "code"),
    [
        ("", "", "ISBN_MISSING"),
        ("9780439023482", "", "ISBN_INVALID"),
        ("", "439023484", "ISBN_INVALID"),
        ("", "0", "ISBN_INVALID"),
        ("", "12345678901", "ISBN_INVALID"),
        ("9.78043902348e+12", "", "ISBN_LOST"),
        ("9.78E+12", "", "ISBN_LOST"),
        # As it comes in a column that is only called "isbn".
        ("", "9.78E+12", "ISBN_LOST"),
        ("9.78E+12", "439023484", "ISBN_INVALID"),
        ("soon", "", "ISBN_INVALID"),
    ],
)
def test_isbn_that_cannot_be_known_is_rejected(isbn13, isbn10, code):
    with pytest.raises(Rejected) as caught:
        repairs.isbn13_of(isbn13, isbn10)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("eng", "en"),
        ("en-US", "en"),
        ("en_GB", "en"),
        ("EN", "en"),
        ("fre", "fr"),
        ("ger", "de"),
        ("per", "fa"),
        ("rum", "ro"),
        ("heb", "he"),
        ("nl", "nl"),
        ("mul", ""),
        ("fil", ""),
        ("xx", ""),
        ("", ""),
    ],
)
def test_language_becomes_two_letters(code, expected):
    assert repairs.language_of(code).value == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Hunger Games (The Hunger Games, #1)", ("The Hunger Games", "The Hunger Games", "1")),
        ("Preludes & Nocturnes (The Sandman #1)", ("Preludes & Nocturnes", "The Sandman", "1")),
        ("Boxed  (Harry Potter, #1-4)", ("Boxed", "Harry Potter", "1-4")),
        ("Four (Divergent, #0.1 - 0.4)", ("Four", "Divergent", "0.1-0.4")),
        ("Mort (Death, #1; Discworld, #4)", ("Mort", "Death", "1")),
        ("Judy Moody (Judy Moody, # 1)", ("Judy Moody", "Judy Moody", "1")),
    ],
)
def test_series_is_taken_out_of_the_title(title, expected):
    assert repairs.series_in_title(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "The Silmarillion (Middle-Earth Universe)",
        "Saga #1",
        "#GIRLBOSS",
        "A Storm of Swords: Steel and Snow (A Song of Ice and Fire, #3: Part 1 of 2)",
        "To Green Angel Tower, Part 2 (Memory, Sorrow, and Thorn, #3; Part 2)",
        "Ranma ½, Vol. 1 (Ranma ½ (US 2nd), #1)",
        "(Everything, #1)",
    ],
)
def test_series_that_looks_otherwise_stays_in_the_title(title):
    assert repairs.series_in_title(title) == (title, "", "")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2008", 2008),
        ("2008.0", 2008),
        ("-750.0", -750),
        ("0", None),
        ("99999", None),
        ("c. 1900", None),
        ("inf", None),
        ("", None),
    ],
)
def test_year_of_a_work_may_be_a_float_or_before_christ(written, expected):
    assert repairs.year_of(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2003", (date(2003, 1, 1), "YEAR")),
        ("2003.0", (date(2003, 1, 1), "YEAR")),
        ("2003-05", (date(2003, 5, 1), "MONTH")),
        ("2003-05-17", (date(2003, 5, 17), "DAY")),
        ("2003-02-30", None),
        ("May 2003", None),
        ("", None),
    ],
)
def test_date_of_an_edition_keeps_its_precision(written, expected):
    assert repairs.date_of(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, ""),
        (1984, "1984"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Les MisÃ©rables", "Les Misérables"),
        ("itâ€™s", "it’s"),
        ("Ãngel", "Ãngel"),
        ("Cafe\u0301", "Café"),
        ("a\x07b", "ab"),
    ],
)
def test_text_is_freed_from_entities_and_mojibake(written, expected):
    assert repairs.text_of(written) == expected


@pytest.mark.parametrize(
    ("written", "code"), [("a\0b", "NUL_CHARACTER"), ("caf\udce9", "ENCODING")]
)
def test_text_that_cannot_be_stored_is_rejected(written, code):
    with pytest.raises(Rejected) as caught:
        repairs.text_of(written)
    assert caught.value.code == code
