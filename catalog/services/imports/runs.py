"""One import from its file to its counts."""

import uuid
from collections.abc import Callable
from pathlib import Path

from catalog.services.imports import records
from catalog.services.imports.files import BookFile
from catalog.services.imports.readers import RawRow
from catalog.services.imports.records import BookRecord
from catalog.services.imports.rejections import Rejected, Rejection
from catalog.services.imports.report import Report
from catalog.services.imports.writer import Writer
from core.ids import uuid7

BATCH = 1_000


def import_file(
    *,
    path: Path,
    file_format: str | None = None,
    actor_id: uuid.UUID | None,
    on_rejection: Callable[[Rejection], None] = lambda rejection: None,
    dry_run: bool = False,
    batch_size: int = BATCH,
) -> Report:
    """Import the books of a file; a row ends as imported, updated, unchanged or rejected.

    Books are known by their ISBN, so a second run changes nothing. What a row leaves out stays as
    it is. Every `batch_size` rows are a transaction; memory does not grow with the file. A dry
    run says what would happen, batch by batch, and keeps nothing. Raises OSError or `FileRefused`
    when the file cannot be read on; batches before that are kept.
    """
    run = _Run(Writer(run_id=uuid7(), actor_id=actor_id, dry_run=dry_run), Report(on_rejection))
    with path.open("rb") as file:
        for row in BookFile(file, file_format).rows():
            run.add(row)
            if len(run.batch) >= batch_size:
                run.flush()
    run.flush()
    return run.report


class _Run:
    def __init__(self, writer: Writer, report: Report) -> None:
        self.writer = writer
        self.report = report
        self.batch: dict[str, tuple[int, str, BookRecord]] = {}

    def add(self, row: RawRow) -> None:
        fields = row.fields or {}
        isbn = records.isbn_as_written(fields)
        try:
            if row.problem:
                raise row.problem
            record = records.record_of(fields)
        except Rejected as problem:
            self.report.reject(Rejection(row.line, isbn, problem.code, problem.reason))
            return
        if record.isbn13 in self.batch:
            self.flush()
        self.batch[record.isbn13] = (row.line, isbn, record)

    def flush(self) -> None:
        waiting = list(self.batch.values())
        self.batch.clear()
        if not waiting:
            return
        outcomes = self.writer.write([record for _line, _isbn, record in waiting])
        for (line, isbn, record), outcome in zip(waiting, outcomes, strict=True):
            self.report.repairs.update(record.repairs)
            if isinstance(outcome, Rejected):
                self.report.reject(Rejection(line, isbn, outcome.code, outcome.reason))
            else:
                self.report.count(outcome)
