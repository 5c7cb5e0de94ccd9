"""Rows of text, one at a time: JSON lines or CSV, never the whole file."""

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TextIO

from django.utils.translation import gettext_lazy as _

from catalog.services.imports.rejections import FileRefused, Rejected
from core import spreadsheets

LONGEST_LINE = 1_000_000
MOST_COLUMNS = 500
# Rows whose quotation marks nobody closed, each of which is read to its end before it is given up.
MOST_UNCLOSED = 20
_DELIMITERS = ",;\t"
# Names of columns that other systems use for ours.
_ALIASES = {
    "author": "authors",
    "contributor": "contributors",
    "ean": "isbn13",
    "isbn_13": "isbn13",
    "isbn_10": "isbn10",
    "genre": "genres",
    "publication_date": "published_on",
}
_ISBN_COLUMNS = {"isbn13", "isbn10", "isbn"}


class RawRow(NamedTuple):
    """What a row says, or why it could not be read; `line` is where it begins."""

    line: int
    fields: dict[str, Any] | None
    problem: Rejected | None = None


def read_json_lines(file: TextIO) -> Iterator[RawRow]:
    """Yield a row for each line that is not empty."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            _skip_line(file)
            yield _too_long(number)
        elif line.strip():
            yield _json_row(number, line)


def _skip_line(file: TextIO) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
        pass


def _too_long(number: int) -> RawRow:
    reason = f"The row is longer than {LONGEST_LINE:,} characters."
    return RawRow(number, None, Rejected("ROW_TOO_LONG", reason))


def _json_row(number: int, line: str) -> RawRow:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict):
        return RawRow(number, fields)
    return RawRow(number, None, Rejected("ROW_MALFORMED", "The line is not a JSON object."))


def read_csv(file: TextIO) -> Iterator[RawRow]:
    """Yield the rows below the header, cells parted by comma, semicolon or tab.

    A broken row, one with a quotation mark that nobody closed too, takes no other with it. Raises
    `FileRefused` for a header that names no book.
    """
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=_delimiter(lines), strict=True)
    header: list[str] = []
    while True:
        lines.begin_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if not header:
                raise FileRefused("HEADER_BROKEN", _("The first line cannot be read.")) from error
            yield lines.give_up_row(str(error))
            continue
        if cells is None:
            return
        if cells and not header:
            header = header_of(cells)
        elif cells:
            yield table_row(lines.row_begins, header, cells)


def header_of(cells: Sequence[Any]) -> list[str]:
    """Return our names of a table's columns; raise `FileRefused` unless they can tell a book."""
    if len(cells) > MOST_COLUMNS:
        raise FileRefused("TOO_MANY_COLUMNS", _("The file has more than 500 columns."))
    names = ["_".join(str(cell or "").lower().replace("-", " ").split()) for cell in cells]
    names = [_ALIASES.get(name, name) for name in names]
    if "title" not in names or not _ISBN_COLUMNS & set(names):
        raise FileRefused(
            "HEADER_MISSING",
            _("The first line must name the columns, “isbn13” and “title” among them."),
        )
    for name in filter(None, names):
        if names.count(name) > 1:
            reason = _("Two columns are called “%s”.") % name[:40]
            raise FileRefused("COLUMN_TWICE", reason)
    return names


def table_row(line: int, header: list[str], cells: Sequence[Any]) -> RawRow:
    """Return a row of a table; cells without a column are a mistake unless they are empty."""
    if any(cell not in ("", None) for cell in cells[len(header) :]):
        reason = "The row has more cells than the header."
        return RawRow(line, None, Rejected("ROW_MALFORMED", reason))
    texts = (spreadsheets.restored(cell) if isinstance(cell, str) else cell for cell in cells)
    fields = dict(zip(header, texts, strict=False))
    fields.pop("", None)
    return RawRow(line, fields)


class _RowTooLong(csv.Error):
    """Nobody writes so much about a book; quotation marks are missing."""


class _Lines(Iterable[str]):
    """Lines of a file that can be read again from the second line of a broken row on."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._waiting: deque[str] = deque()
        self._row: list[str] = []
        self._row_length = 0
        self._lines_before = 0
        self._unclosed = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._read()
        if not line:
            raise StopIteration
        self._row.append(line)
        self._row_length += len(line)
        if self._row_length >= LONGEST_LINE:
            raise _RowTooLong("it is too long")
        return line

    @property
    def row_begins(self) -> int:
        return self._lines_before + 1

    def begin_row(self) -> None:
        self._lines_before += len(self._row)
        self._row, self._row_length = [], 0

    def give_up_row(self, why: str) -> RawRow:
        if len(self._row) == 1 and self._row_length >= LONGEST_LINE:
            return _too_long(self.row_begins)
        self._unclosed += len(self._row) > 1
        if self._unclosed > MOST_UNCLOSED:
            reason = _("In too many rows a quotation mark is opened and never closed.")
            raise FileRefused("ROWS_BROKEN", reason)
        self._waiting.extendleft(reversed(self._row[1:]))
        del self._row[1:]
        problem = Rejected("ROW_MALFORMED", f"The row is broken: {why}.")
        return RawRow(self.row_begins, None, problem)

    def peek(self) -> str:
        """Return the first line that says something, which stays where it is."""
        seen: list[str] = []
        while (line := self._read()) and not line.strip():
            seen.append(line)
        self._waiting.extend([*seen, line] if line else seen)
        return line

    def _read(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            _skip_line(self._file)
        return line


def _delimiter(lines: _Lines) -> str:
    line = lines.peek()
    named = line.strip().lower().removeprefix("sep=")
    if len(named) == 1 and line.lower().startswith("sep="):
        next(lines)
        return named
    return max(_DELIMITERS, key=line.count)
