"""Tables as files for spreadsheets, written row by row: CSV and Excel workbooks.

Whatever a row says is text, a number or a date; nothing of it is ever run (`core.spreadsheets`).
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.errors import Conflict
from core.spreadsheets import harmless

MOST_ROWS = 1_048_576  # of a sheet, its header included
LONGEST_CELL = 32_767  # characters
MARK = b"\xef\xbb\xbf"  # by which spreadsheets know UTF-8
# Rows of a workbook that a browser waits for: its bytes come at the end, and proxies give up.
MOST_TO_WAIT_FOR = 100_000
_WIDTH = 18

type Cell = str | int | float | Decimal | dt.date | dt.datetime | None
type Put = Callable[[Iterable[Sequence[Cell]]], None]
type Writer = Callable[["Sink", Sequence[str]], AbstractContextManager[Put]]


class WorkbookTooLong(Conflict):
    """A workbook of so many rows would not be ready before somebody gives up."""

    code = "WORKBOOK_TOO_LONG"
    sentence = _("A workbook holds at most {most} rows here. Ask for less, or take CSV.")


class Sink(io.RawIOBase):
    """A file that is not there: `take` hands on what was written since it was last asked."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        """It takes everything."""
        return True

    def write(self, data: Any) -> int:
        """Keep bytes until they are taken."""
        self._waiting.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return what waits, and forget it."""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken


@contextmanager
def csv_table(sink: Sink, header: Sequence[str]) -> Iterator[Put]:
    """Write a table by RFC 4180, in UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)

    def put(rows: Iterable[Sequence[Cell]]) -> None:
        writer.writerows([harmless(_as_text(cell)) for cell in row] for row in rows)
        sink.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()

    sink.write(MARK)
    put([header])
    yield put


@contextmanager
def workbook(sink: Sink, header: Sequence[str]) -> Iterator[Put]:
    """Write an Excel workbook; what one sheet cannot hold goes on to the next.

    Rows wait in a temporary file: bytes come at the end. A text that is too long for a cell is
    left out, since half of it would be taken for the whole.
    """
    book = Workbook(write_only=True)
    sheet, room = _new_sheet(book, header), MOST_ROWS - 1

    def put(rows: Iterable[Sequence[Cell]]) -> None:
        nonlocal sheet, room
        for row in rows:
            if not room:
                sheet.close()
                sheet, room = _new_sheet(book, header), MOST_ROWS - 1
            sheet.append([_as_cell(cell, sheet) for cell in row])
            room -= 1

    try:
        yield put
        book.save(sink)
    finally:
        for each in book.worksheets:
            if not each.closed:
                each.close()
            Path(each._writer.out).unlink(missing_ok=True)


def refuse_to_wait(kind: str, rows: int) -> None:
    """Raise `WorkbookTooLong` when a browser should not wait for so many rows of a workbook."""
    if kind == "xlsx" and rows > MOST_TO_WAIT_FOR:
        raise WorkbookTooLong(most=f"{MOST_TO_WAIT_FOR:,}")


FORMATS: dict[str, Writer] = {"csv": csv_table, "xlsx": workbook}


def _new_sheet(book: Workbook, header: Sequence[str]) -> Any:
    sheet: Any = book.create_sheet()
    sheet.freeze_panes = "A2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    names = []
    for name in header:
        cell = WriteOnlyCell(sheet, value=harmless(name))
        cell.font = Font(bold=True)
        names.append(cell)
    sheet.append(names)
    return sheet


def _as_text(cell: Cell) -> Any:
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _as_cell(cell: Cell, sheet: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    if not cell:
        return None
    text = str(harmless(ILLEGAL_CHARACTERS_RE.sub("", cell)))
    if len(text) > LONGEST_CELL:
        return None
    if text in ERROR_CODES:
        shown = WriteOnlyCell(sheet, value=text)
        shown.data_type = "s"
        return shown
    return text
