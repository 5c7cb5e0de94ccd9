"""Rows of files, broken ones among them."""

import gzip

import pytest

from catalog.services.imports import readers
from catalog.services.imports.readers import format_of, read_rows

pytestmark = pytest.mark.req("CATL-06")


def rows_of(path, content, file_format, *, packed=False):
    data = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    return [
        (row.line, row.fields if row.problem is None else row.problem.code)
        for row in read_rows(path, file_format)
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jsonl", "jsonl"),
        ("a.jsonl.gz", "jsonl"),
        ("a.b.CSV", "csv"),
        ("a.csv.GZ", "csv"),
        ("a.xlsx", None),
        ("a", None),
        ("a.gz", None),
    ],
)
def test_format_is_told_by_the_name(name, expected, tmp_path):
    assert format_of(tmp_path / name) == expected


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_with_broken_ones(packed, tmp_path):
    content = '\ufeff{"a": 1}\n\n{"a":\n[1]\n' + "[" * 100_000 + '\n{"a": 2}'
    path = tmp_path / ("rows.jsonl.gz" if packed else "rows.jsonl")
    assert rows_of(path, content, "jsonl", packed=packed) == [
        (1, {"a": 1}),
        (3, "ROW_MALFORMED"),
        (4, "ROW_MALFORMED"),
        (5, "ROW_MALFORMED"),
        (6, {"a": 2}),
    ]


def test_json_line_without_end_is_not_kept_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "LONGEST_LINE", 20)
    content = '{"a": 1}\n' + "x" * 95 + '\n{"a": 2}\n' + "y" * 50
    assert rows_of(tmp_path / "rows.jsonl", content, "jsonl") == [
        (1, {"a": 1}),
        (2, "ROW_TOO_LONG"),
        (3, {"a": 2}),
        (4, "ROW_TOO_LONG"),
    ]


def test_csv_names_the_line_on_which_a_row_begins(tmp_path):
    content = 'a,b\n1,"two\nlines"\n\n3,4\n5,6,7\n8\n'
    assert rows_of(tmp_path / "rows.csv", content, "csv") == [
        (2, {"a": "1", "b": "two\nlines"}),
        (5, {"a": "3", "b": "4"}),
        (6, "ROW_MALFORMED"),
        (7, {"a": "8"}),
    ]


def test_csv_cell_that_was_made_harmless_is_itself_again(tmp_path):
    content = "a,b\n'=1+1,'tis\nx;'-y,''@z\n"
    assert rows_of(tmp_path / "rows.csv", content, "csv") == [
        (2, {"a": "=1+1", "b": "'tis"}),
        (3, {"a": "x;-y", "b": "'@z"}),
    ]


def test_csv_with_a_broken_row_goes_on(tmp_path):
    content = 'a,b\n1,"x"y\n2,z\n'
    assert rows_of(tmp_path / "rows.csv", content, "csv") == [
        (2, "ROW_MALFORMED"),
        (3, {"a": "2", "b": "z"}),
    ]


def test_bytes_that_are_no_utf8_reach_the_row_as_surrogates(tmp_path):
    assert rows_of(tmp_path / "rows.csv", b"a\ncaf\xe9\nb\n", "csv") == [
        (2, {"a": "caf\udce9"}),
        (3, {"a": "b"}),
    ]


def test_empty_file_has_no_rows(tmp_path):
    assert rows_of(tmp_path / "rows.csv", "", "csv") == []
    assert rows_of(tmp_path / "rows.jsonl", "", "jsonl") == []
