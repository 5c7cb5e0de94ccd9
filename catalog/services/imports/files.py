"""A file of books of any format, told by what is in it and never by its name."""

import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from django.utils.translation import gettext_lazy as _

from catalog.enums import ImportFormat
from catalog.services.imports import encodings, readers, workbooks
from catalog.services.imports.onix.products import read_onix
from catalog.services.imports.readers import RawRow
from catalog.services.imports.rejections import FileRefused

MOST_UNPACKED = 8_000_000_000  # bytes
MOST_RATIO = 200
_SMALL = 20_000_000  # bytes; below that a ratio says nothing
_HEAD = 4096
_GZIP, _ZIP, _OLD_EXCEL, _PDF = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_MARKS = "\ufeff \t\r\n"


class BookFile:
    """A file of books, gzipped or not: its `format`, `encoding` (of text) and rows.

    Making one looks at the beginning (of a message up to its first product), and at all of a file
    of text for its encoding, unless an earlier look told both. Raises `FileRefused`, also later,
    when the file as a whole cannot be read.
    """

    def __init__(
        self, file: BinaryIO, file_format: str | None = None, *, encoding: str | None = None
    ) -> None:
        self._raw = file
        file.seek(0)
        is_packed = file.read(2) == _GZIP
        file.seek(0)
        self._file = cast("BinaryIO", _Unpacked(file)) if is_packed else file
        with _refusing_damage():
            self.format = ImportFormat(file_format or _format_of(self._file.read(_HEAD)))
            self.encoding = encoding or ""
            if encoding is None and self.format in {ImportFormat.CSV, ImportFormat.JSONL}:
                self.encoding = encodings.encoding_of(self._file)
            if encoding is None and self.format == ImportFormat.ONIX:
                next(self.rows(), None)
        self._file.seek(0)

    @property
    def bytes_read(self) -> int:
        """How far into the file, as it lies on disk, the rows have come."""
        return self._raw.tell()

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows in their order, from the first; empty ones are none."""
        self._file.seek(0)
        with _refusing_damage():
            if self.format == ImportFormat.XLSX:
                yield from self._workbook_rows()
            elif self.format == ImportFormat.ONIX:
                yield from read_onix(self._file)
            else:
                yield from self._text_rows()

    def _workbook_rows(self) -> Iterator[RawRow]:
        if self._file is self._raw:
            yield from workbooks.read_workbook(self._raw)
            return
        with tempfile.TemporaryFile() as whole:
            while chunk := self._file.read(encodings.CHUNK):
                whole.write(chunk)
            yield from workbooks.read_workbook(cast("BinaryIO", whole))

    def _text_rows(self) -> Iterator[RawRow]:
        # Wrong bytes of UTF-8 become lone surrogates, which the check of the row finds and names.
        wide = self.encoding.startswith("utf-16")
        errors = "strict" if wide else "surrogateescape"
        text = io.TextIOWrapper(self._file, encoding=self.encoding, errors=errors, newline="")
        is_csv = self.format == ImportFormat.CSV
        try:
            yield from (readers.read_csv if is_csv else readers.read_json_lines)(text)
        finally:
            text.detach()


def _format_of(head: bytes) -> ImportFormat:
    if not head.strip():
        raise FileRefused("FILE_EMPTY", _("The file is empty."))
    if head.startswith(_ZIP):
        return ImportFormat.XLSX
    for mark, problem, reason in _REFUSED:
        if head.startswith(mark):
            raise FileRefused(problem, reason)
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in head[:4]
    beginning = head.replace(b"\0", b"").decode("latin-1") if wide else head.decode("latin-1")
    beginning = beginning.lstrip("ÿþ" if wide else "ï»¿").lstrip(_MARKS)
    if beginning.startswith("<"):
        return ImportFormat.ONIX
    if beginning.startswith("["):
        raise FileRefused(
            "JSON_LIST", _("This is one long JSON list. Write one book a line, without the list.")
        )
    return ImportFormat.JSONL if beginning.startswith("{") else ImportFormat.CSV


_REFUSED = [
    (
        _OLD_EXCEL,
        "OLD_WORKBOOK",
        _("This is a workbook of Excel 2003 or older, or a locked one. Save it as XLSX."),
    ),
    (_PDF, "FILE_BINARY", _("This is a PDF. Ask for the list as a workbook, CSV or ONIX.")),
    (_GZIP, "PACKED_TWICE", _("The file is packed twice. Unpack it once.")),
]


class _Unpacked(gzip.GzipFile):
    """A gzipped file that stops when it turns out far larger than anybody's list of books."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._packed = packed

    def read(self, size: int | None = -1) -> bytes:
        return self._checked(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        return self._checked(super().read1(size))

    def _checked(self, data: bytes) -> bytes:
        length = self.tell()
        bomb = length > _SMALL and length > MOST_RATIO * max(1, self._packed.tell())
        if bomb or length > MOST_UNPACKED:
            reason = _("This file is packed so tightly that we will not open it. Unpack it first.")
            raise FileRefused("FILE_TOO_PACKED", reason)
        return data


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeError) as error:
        reason = _("The file is damaged: its end is missing, or it was changed on its way.")
        raise FileRefused("FILE_DAMAGED", reason) from error
