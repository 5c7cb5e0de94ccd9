"""Tables that spreadsheets read as they are meant, and never run (T074)."""

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from core import tables

pytestmark = pytest.mark.req("CATL-06")

HEADER = ["=name", "number"]
ROWS = [
    ["=1+1", 7],
    ["a;=1+1", Decimal("12.90")],
    ['a, "b"\n=c', -5],
    ["#N/A", 0.5],
    ["שלום", None],
    ["", dt.date(2026, 11, 1)],
    ["x", dt.datetime(2026, 11, 1, 9, 5)],  # noqa: DTZ001 - spreadsheets know no zones
]


def written(kind, rows, *, header=HEADER):
    sink = tables.Sink()
    with tables.FORMATS[kind](sink, header) as put:
        for row in rows:
            put([row])
    return sink.take()


def sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [[list(row) for row in sheet.iter_rows()] for sheet in book.worksheets]


def test_csv_is_by_the_standard_and_harmless():
    content = written("csv", ROWS)
    assert content.startswith(b"\xef\xbb\xbf'=name,number\r\n'=1+1,7\r\na;'=1+1,12.90\r\n")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["'=name", "number"],
        ["'=1+1", "7"],
        ["a;'=1+1", "12.90"],
        ['a, "b"\n\'=c', "-5"],
        ["#N/A", "0.5"],
        ["שלום", ""],
        ["", "2026-11-01"],
        ["x", "2026-11-01 09:05:00"],
    ]


def test_workbook_holds_texts_numbers_and_days_but_no_formula():
    (sheet,) = sheets(written("xlsx", ROWS))
    assert [[(cell.value, cell.data_type) for cell in row] for row in sheet] == [
        [("'=name", "s"), ("number", "s")],
        [("'=1+1", "s"), (7, "n")],
        [("a;'=1+1", "s"), (12.9, "n")],
        [('a, "b"\n\'=c', "s"), (-5, "n")],
        [("#N/A", "s"), (0.5, "n")],
        [("שלום", "s")],
        [(None, "n"), (dt.datetime(2026, 11, 1), "d")],  # noqa: DTZ001
        [("x", "s"), (dt.datetime(2026, 11, 1, 9, 5), "d")],  # noqa: DTZ001
    ]
    assert b"<f>" not in ZipFile(io.BytesIO(written("xlsx", ROWS))).read("xl/worksheets/sheet1.xml")


def test_workbook_goes_on_with_the_next_sheet(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    found = sheets(written("xlsx", [[f"row {place}", place] for place in range(5)]))
    assert [[row[0].value for row in sheet] for sheet in found] == [
        ["'=name", "row 0", "row 1"],
        ["'=name", "row 2", "row 3"],
        ["'=name", "row 4"],
    ]


def test_workbook_leaves_out_what_no_cell_can_hold():
    long = "x" * (tables.LONGEST_CELL + 1)
    (sheet,) = sheets(written("xlsx", [[long, 1], [long[1:], 2], ["a\x01b", 3]]))
    assert [row[0].value for row in sheet[1:]] == [None, long[1:], "ab"]


@pytest.mark.parametrize("kind", tables.FORMATS)
def test_table_without_rows_has_its_header(kind):
    content = written(kind, [])
    assert content
    if kind == "xlsx":
        assert [[cell.value for cell in row] for row in sheets(content)[0]] == [
            ["'=name", "number"]
        ]


def test_workbook_that_breaks_off_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sink = tables.Sink()

    def break_off():
        with tables.workbook(sink, HEADER) as put:
            put(ROWS)
            assert list(Path(tmp_path).iterdir()) != []
            raise ConnectionError

    with pytest.raises(ConnectionError):
        break_off()
    assert list(Path(tmp_path).iterdir()) == []
    assert sink.take() == b""
