"""Rows of an Excel workbook, one at a time, from a file that may be out to do harm."""

import datetime as dt
import itertools
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import openpyxl
from django.utils.translation import gettext_lazy as _

from catalog.services.imports.readers import RawRow, header_of, table_row
from catalog.services.imports.rejections import FileRefused

MOST_MEMBERS = 2_000
MOST_UNPACKED = 2_000_000_000  # bytes of all rows together
MOST_STRINGS = 250_000_000  # bytes of the table of texts, which is held in memory
MOST_OF_OTHERS = 5_000_000  # bytes of each of the rest: styles, names, relations
MOST_RATIO = 200
_SMALL = 1_000_000  # bytes; below that a ratio says nothing
MOST_ROWS = 1_048_576  # as Excel
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
_PIECE = 200


def read_workbook(file: BinaryIO) -> Iterator[RawRow]:
    """Yield the rows below the header of the first sheet, and of sheets that go on with it.

    A sheet goes on with the first when its header is the same; its rows are numbered on. Formulas
    count by their last result. The sizes in the archive are checked before anything is unpacked,
    and no more than they say is ever unpacked. Raises `FileRefused` for whatever is no sound
    workbook.
    """
    _check_archive(file)
    header: list[str] = []
    before = number = 0
    for sheet in _sheets(file):
        before += number
        is_first, heads = not header, None
        for number, values in _numbered(sheet):
            if heads is None:
                heads = values
                if is_first:
                    header = header_of(values)
                elif _names(values) != header:
                    break
            else:
                yield table_row(before + number, header, values)


def _numbered(rows: Iterator[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise _broken()
        values = [_text(cell) for cell in cells]
        if any(values):
            yield number, values


def _names(values: list[str]) -> list[str]:
    try:
        return header_of(values)
    except FileRefused:
        return []


def _check_archive(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
        raise _broken() from error
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise FileRefused(
            "NOT_A_WORKBOOK",
            _("This is an archive, not an Excel workbook. Upload the file that is in it."),
        )
    total = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or total > MOST_UNPACKED or any(map(_is_bomb, members)):
        reason = _("This workbook is packed so tightly that we will not open it. Save it as CSV.")
        raise FileRefused("FILE_TOO_PACKED", reason)


def _is_bomb(member: zipfile.ZipInfo) -> bool:
    if member.filename.startswith("xl/media/"):
        return False  # never opened
    if member.filename == "xl/sharedStrings.xml":
        most = MOST_STRINGS
    elif member.filename.startswith("xl/worksheets/"):
        most = MOST_UNPACKED
    else:
        most = MOST_OF_OTHERS
    ratio = member.file_size / max(1, member.compress_size)
    return member.file_size > most or (member.file_size > _SMALL and ratio > MOST_RATIO)


def _sheets(file: BinaryIO) -> Iterator[Iterator[Sequence[Any]]]:
    # Whatever is wrong inside a workbook comes out of the library as an error of any kind.
    try:
        with _quietly():
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
        for sheet in sheets:
            yield _rows(sheet)
        book.close()
    except FileRefused:
        raise
    except Exception as error:
        raise _broken() from error


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:
    try:
        # What a sheet says of its own size may be millions of empty cells.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        while piece := _piece(rows):
            yield from piece
    except Exception as error:
        raise _broken() from error


def _piece(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    with _quietly():
        return list(itertools.islice(rows, _PIECE))


def _quietly() -> warnings.catch_warnings:
    # Of styles that it does not know, and the like: nothing to a reader of values.
    return warnings.catch_warnings(action="ignore")


def _text(cell: Any) -> str:
    """Return a cell as people would write it; a whole number of any length without a point."""
    if cell is None or cell in _ERRORS:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(cell, ".12g")
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell)


def _broken() -> FileRefused:
    return FileRefused(
        "WORKBOOK_BROKEN", _("This Excel workbook is damaged. Save it again, or save it as CSV.")
    )
