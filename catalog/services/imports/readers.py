"""Rows of a file, one at a time: JSON lines or CSV, gzipped or not, never the whole file."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from catalog.services.imports.rejections import Rejected
from core import spreadsheets

FORMATS = ("jsonl", "csv")
LONGEST_LINE = 1_000_000
_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv"}


class RawRow(NamedTuple):
    """What a row says, or why it could not be read; `line` is where it begins."""

    line: int
    fields: dict[str, Any] | None
    problem: Rejected | None = None


def format_of(path: Path) -> str | None:
    """Return the format that a file's name tells, None when it tells none."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def read_rows(path: Path, file_format: str) -> Iterator[RawRow]:
    """Yield the rows of a file in its order; empty lines are none.

    Raises OSError (EOFError for a cut-off .gz) when the file itself cannot be read.
    """
    read = _read_json_lines if file_format == "jsonl" else _read_csv
    with _opened(path) as file:
        yield from read(file)


def _opened(path: Path) -> io.TextIOBase:
    # Bytes that are no UTF-8 become lone surrogates, which the row's check finds and names.
    options: dict[str, Any] = {"encoding": "utf-8-sig", "errors": "surrogateescape", "newline": ""}
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", **options)  # type: ignore[return-value]
    return path.open("rt", **options)


def _read_json_lines(file: io.TextIOBase) -> Iterator[RawRow]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            reason = f"The line is longer than {LONGEST_LINE:,} characters."
            yield RawRow(number, None, Rejected("ROW_TOO_LONG", reason))
        elif line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> RawRow:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict):
        return RawRow(number, fields)
    return RawRow(number, None, Rejected("ROW_MALFORMED", "The line is not a JSON object."))


def _read_csv(file: io.TextIOBase) -> Iterator[RawRow]:
    reader = csv.reader(file, strict=True)
    header: list[str] = []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield RawRow(line, None, Rejected("ROW_MALFORMED", f"The row is broken: {error}."))
        else:
            if cells is None:
                return
            if not header:
                header = cells
            elif cells:
                yield _csv_row(line, header, cells)
        line = reader.line_num + 1


def _csv_row(line: int, header: list[str], cells: list[str]) -> RawRow:
    if len(cells) > len(header):
        reason = "The row has more cells than the header."
        return RawRow(line, None, Rejected("ROW_MALFORMED", reason))
    return RawRow(line, dict(zip(header, map(spreadsheets.restored, cells), strict=False)))
