"""Our own files: a JSON object a line, or a table with a book in each row."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from catalog.selectors import exports
from catalog.selectors.exports import ExportRecord
from catalog.services.exports import rows
from core import tables
from core.tables import Sink

type Write = Callable[[Sequence[ExportRecord]], None]
type Writer = Callable[[Sink], AbstractContextManager[Write]]


@contextmanager
def json_lines(sink: Sink) -> Iterator[Write]:
    """Write a JSON object a line, as `import_books` reads them."""

    def write(records: Sequence[ExportRecord]) -> None:
        lines = (json.dumps(rows.fields_of(each), ensure_ascii=False) for each in records)
        sink.write("".join(f"{line}\n" for line in lines).encode())

    yield write


def table(kind: tables.Writer) -> Writer:
    """Return what writes books as such a table: CSV or a workbook."""

    @contextmanager
    def write_table(sink: Sink) -> Iterator[Write]:
        places = list(exports.branches().values())
        with kind(sink, rows.header_of(places)) as put:
            yield lambda records: put(rows.cells_of(each, places) for each in records)

    return write_table
