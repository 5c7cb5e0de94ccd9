"""Rows of text, broken ones among them: PROOFS T073."""

import io
import time

import pytest

from catalog.services.imports import readers
from catalog.services.imports.readers import read_csv, read_json_lines
from catalog.services.imports.rejections import FileRefused

pytestmark = pytest.mark.req("CATL-06")
HEADER = "isbn,title\n"


def rows_of(reading, content):
    return [
        (row.line, row.fields if row.problem is None else row.problem.code)
        for row in reading(io.StringIO(content, newline=""))
    ]


def titles_of(content):
    return [
        (line, said if isinstance(said, str) else said["title"])
        for line, said in rows_of(read_csv, content)
    ]


def test_json_lines_with_broken_ones():
    content = '{"a": 1}\n\n{"a":\n[1]\n' + "[" * 100_000 + '\n{"a": 2}'
    assert rows_of(read_json_lines, content) == [
        (1, {"a": 1}),
        (3, "ROW_MALFORMED"),
        (4, "ROW_MALFORMED"),
        (5, "ROW_MALFORMED"),
        (6, {"a": 2}),
    ]


def test_json_line_without_end_is_not_kept_in_memory(monkeypatch):
    monkeypatch.setattr(readers, "LONGEST_LINE", 20)
    content = '{"a": 1}\n' + "x" * 95 + '\n{"a": 2}\n' + "y" * 50
    assert rows_of(read_json_lines, content) == [
        (1, {"a": 1}),
        (2, "ROW_TOO_LONG"),
        (3, {"a": 2}),
        (4, "ROW_TOO_LONG"),
    ]


def test_csv_names_the_line_on_which_a_row_begins():
    content = HEADER + '1,"two\nlines"\n\n3,4\n5,6,7\n8\n9,,\n'
    assert rows_of(read_csv, content) == [
        (2, {"isbn": "1", "title": "two\nlines"}),
        (5, {"isbn": "3", "title": "4"}),
        (6, "ROW_MALFORMED"),
        (7, {"isbn": "8"}),
        (8, {"isbn": "9", "title": ""}),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_tells_the_delimiter_by_its_header(delimiter, end):
    lines = ["", "isbn,title,price", '1,"a, b; c",2']
    content = end.join(line.replace(",", delimiter, 2) for line in lines)
    if delimiter != ",":
        content = content.replace(f"a{delimiter} b; c", "a, b; c").replace(",2", f"{delimiter}2")
    assert rows_of(read_csv, content) == [(3, {"isbn": "1", "title": "a, b; c", "price": "2"})]


def test_csv_may_name_its_delimiter_as_excel_does():
    assert rows_of(read_csv, "sep=|\nisbn|title\n1|a,b;c\n") == [
        (3, {"isbn": "1", "title": "a,b;c"})
    ]


def test_csv_columns_go_by_many_names():
    rows = rows_of(read_csv, " EAN ,Title,Author,Language Code,,\n1,a,b,c,d,\n")
    assert rows == [(2, {"isbn13": "1", "title": "a", "authors": "b", "language_code": "c"})]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("a,b\n", "HEADER_MISSING"),
        ("isbn13,name\n", "HEADER_MISSING"),
        ("9780140449136,Crime and Punishment\n", "HEADER_MISSING"),
        ("isbn13,title,Title\n", "COLUMN_TWICE"),
        ('isbn13,"title"x\n', "HEADER_BROKEN"),
        ("isbn13,title" + ",x" * 400_000 + "\n", "TOO_MANY_COLUMNS"),
        ("isbn13,title" + ",x" * 1_000_000 + "\n", "HEADER_BROKEN"),
    ],
)
def test_csv_with_a_header_that_names_no_book_is_refused(header, problem):
    started = time.process_time()
    with pytest.raises(FileRefused) as caught:
        rows_of(read_csv, header + "1,2\n")
    assert caught.value.problem == problem
    assert time.process_time() - started < 2


def test_csv_with_a_million_cells_in_a_row_loses_that_row():
    content = HEADER + "1,a\n2,b" + ",x" * 400_000 + "\n3,c\n"
    assert titles_of(content) == [(2, "a"), (3, "ROW_MALFORMED"), (4, "c")]


def test_csv_with_a_broken_row_goes_on():
    assert titles_of(HEADER + '1,"x"y\n2,z\n') == [(2, "ROW_MALFORMED"), (3, "z")]


def test_csv_with_an_unclosed_quotation_mark_loses_one_row():
    content = HEADER + '1,"never closed\n' + "".join(f"{n},t{n}\n" for n in range(2, 50_000))
    rows = titles_of(content)
    assert rows[:3] == [(2, "ROW_MALFORMED"), (3, "t2"), (4, "t3")]
    assert (len(rows), rows[-1]) == (49_999, (50_000, "t49999"))


def test_csv_with_unclosed_quotation_marks_everywhere_is_refused_soon():
    started = time.process_time()
    with pytest.raises(FileRefused) as caught:
        rows_of(read_csv, HEADER + 'a,"b\n' + 'a","b\n' * 300_000)
    assert caught.value.problem == "ROWS_BROKEN"
    assert time.process_time() - started < 2


def test_csv_line_without_end_is_not_kept_in_memory(monkeypatch):
    monkeypatch.setattr(readers, "LONGEST_LINE", 40)
    content = HEADER + "1,a\n2," + "b" * 95 + "\n3,c\n"
    assert titles_of(content) == [(2, "a"), (3, "ROW_TOO_LONG"), (4, "c")]


def test_empty_text_has_no_rows():
    assert rows_of(read_csv, "") == []
    assert rows_of(read_json_lines, "") == []
