"""An export from the books that were chosen to bytes, and to a file in its place."""

import gzip
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from catalog.models.books import BookQuerySet
from catalog.selectors import exports
from catalog.services.exports import onix, texts
from core import tables
from core.tables import Sink

WRITERS: dict[str, texts.Writer] = {
    "csv": texts.table(tables.csv_table),
    "xlsx": texts.table(tables.workbook),
    "jsonl": texts.json_lines,
    "onix": onix.onix,
}
FORMATS = tuple(WRITERS)
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
    "onix": "application/xml",
}
_SUFFIXES = {".csv": "csv", ".xlsx": "xlsx", ".jsonl": "jsonl", ".ndjson": "jsonl"} | {
    ".xml": "onix",
    ".onix": "onix",
}


def format_of(path: Path) -> str | None:
    """Return the format that a file's name tells, None when it tells none."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def chunks(
    *,
    books: BookQuerySet,
    file_format: str,
    on_batch: Callable[[int], None] = lambda number: None,
) -> Iterator[bytes]:
    """Yield the bytes of an export; tells `on_batch` how many books each batch added.

    Four statements for every thousand books, each for itself; memory does not grow with them.
    """
    sink = Sink()
    with WRITERS[file_format](sink) as write:
        for records in exports.record_batches(books):
            write(records)
            on_batch(len(records))
            yield sink.take()
    yield sink.take()


def write_file(
    *,
    path: Path,
    books: BookQuerySet,
    file_format: str,
    on_batch: Callable[[int], None] = lambda number: None,
) -> int:
    """Write an export to `path`, gzipped when its name ends in .gz; return how many books it has.

    It is written beside its place and moved there, over what was there, when it is whole: nobody
    ever finds half of it.
    Raises OSError when it cannot be written; then the old file is untouched.
    """
    written = 0

    def count(number: int) -> None:
        nonlocal written
        written += number
        on_batch(number)

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            _fill(file, path, chunks(books=books, file_format=file_format, on_batch=count))
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return written


def _fill(file: BinaryIO, path: Path, content: Iterator[bytes]) -> None:
    if path.suffix.lower() != ".gz":
        file.writelines(content)
        return
    # No name and no time inside: the same books make the same bytes.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as packed:
        for each in content:
            packed.write(each)
