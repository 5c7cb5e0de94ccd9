"""One reading of a run's file, from where an earlier one stopped to its end."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.models import ImportRejection, ImportRun
from catalog.services.imports import previews, records
from catalog.services.imports.ahead import read_ahead
from catalog.services.imports.files import BookFile
from catalog.services.imports.plans import Plan
from catalog.services.imports.readers import RawRow
from catalog.services.imports.records import BookRecord
from catalog.services.imports.rejections import Rejected, Rejection
from catalog.services.imports.report import Report
from catalog.services.imports.writer import MOST_WORK_KEYS, Writer
from core import locks
from core.retries import run_retrying

BATCH = 500
BEAT = 5  # seconds without a batch, after which a run says that it lives


class RunLost(Exception):
    """The run was cancelled, or another process has taken it up: whoever finds this out stops."""


class Pass:
    """Reads a run that was taken up, batch by batch; `dry_run` takes the books back each time.

    A batch's books, its rejected rows and its place in the file are one transaction, which begins
    with the lock on the run: nobody else can be at it, and whoever is late finds out there.
    """

    def __init__(self, run: ImportRun, file: BookFile, *, dry_run: bool, batch_size: int) -> None:
        self.run = run
        self._file = file
        self._dry_run = dry_run
        self._batch_size = batch_size
        self._examples: list[dict[str, Any]] = []
        self._notes: list[str] = []
        self._writer = Writer(
            run_id=run.pk,
            actor_id=run.actor_id,
            dry_run=dry_run,
            fills_gaps_only=run.fills_gaps_only,
            on_written=self._keep_examples,
            on_note=self._notes.append,
        )
        self._rows = 0
        self._rejections: list[Rejection] = []
        self._records: list[tuple[int, str, BookRecord]] = []
        self._keys: set[str] = set()

    def batches(self) -> Iterator[ImportRun]:
        """Yield the run after each batch that was committed.

        Raises `RunLost`, `FileRefused`, `Busy`; what was committed before stays.
        """
        with closing(read_ahead(self._file.rows())) as rows:
            self._skip_rows_done(rows)
            for row in rows:
                record = self._record_of(row)
                if record is not None:
                    keys = _keys_of(record)
                    if keys & self._keys:
                        yield self._commit()
                    isbn = records.isbn_as_written(row.fields or {})
                    self._records.append((row.line, isbn, record))
                    self._keys |= keys
                self._rows += 1
                if self._rows >= self._batch_size:
                    yield self._commit()
        if self._rows:
            yield self._commit()

    def _record_of(self, row: RawRow) -> BookRecord | None:
        try:
            if row.problem:
                raise row.problem
            return records.record_of(row.fields or {})
        except Rejected as problem:
            isbn = records.isbn_as_written(row.fields or {})
            self._rejections.append(Rejection(row.line, isbn, problem.code, problem.reason))
            return None

    def _skip_rows_done(self, rows: Iterator[RawRow]) -> None:
        """Pass over the rows of earlier batches, learning again what their `work` keys mean."""
        isbn_of_work: dict[str, str] = {}
        beat = time.monotonic()
        for number, row in enumerate(islice(rows, self.run.rows_done)):
            if number >= self.run.rows_done - MOST_WORK_KEYS:
                record = self._record_of(row)
                if record and record.work:
                    isbn_of_work[record.work] = record.isbn13
            if time.monotonic() - beat > BEAT:
                beat = time.monotonic()
                self._move_on(lambda run: None)
        self._rejections.clear()
        self._writer.recall_works(isbn_of_work)

    def _commit(self) -> ImportRun:
        run_retrying(lambda: self._move_on(self._write_batch))
        self._rows = 0
        self._records.clear()
        self._keys.clear()
        self._rejections.clear()
        return self.run

    def _move_on(self, write: Callable[[ImportRun], None]) -> None:
        with transaction.atomic():
            run = locks.lock_row(ImportRun.objects.filter(pk=self.run.pk))
            if run is None or (run.state, run.beat_at) != (self.run.state, self.run.beat_at):
                raise RunLost
            write(run)
            run.beat_at = timezone.now()
            run.bytes_done = min(self._file.bytes_read, run.size)
            run.save(update_fields=["rows_done", "bytes_done", "counts", "preview", "beat_at"])
        self.run = run

    def _write_batch(self, run: ImportRun) -> None:
        self._examples = list(run.preview)
        self._notes.clear()
        given = [record for _line, _isbn, record in self._records]
        outcomes = self._writer.write(given) if given else []
        rejections = list(self._rejections)
        report = Report.of_counts(run.counts)
        for (line, isbn, record), outcome in zip(self._records, outcomes, strict=True):
            report.repairs.update(record.repairs)
            if isinstance(outcome, Rejected):
                rejections.append(Rejection(line, isbn, outcome.code, outcome.reason))
            else:
                report.count(outcome)
        report.repairs.update(self._notes)
        for rejection in rejections:
            report.reject(rejection.code)
        # Two notes on one row are one rejection.
        ImportRejection.objects.bulk_create(_rows_of(run, rejections), ignore_conflicts=True)
        run.rows_done += self._rows
        run.counts = _of_the_pass(run.counts) | report.as_counts()
        run.preview = self._examples

    def _keep_examples(self, plans: Sequence[Plan]) -> None:
        """Take examples while the people and publishers that only this file knows have names."""
        if self._dry_run:
            previews.add_examples(self._examples, plans)


def _keys_of(record: BookRecord) -> set[str]:
    """What names the book of a record, which no other of its batch may name."""
    reference = record.terms.reference
    return {record.key, f"reference {reference}"} if reference else {record.key}


def _of_the_pass(counts: dict[str, Any]) -> dict[str, Any]:
    return {name: counts[name] for name in ("total", "encoding", "holder") if name in counts}


def _rows_of(run: ImportRun, rejections: list[Rejection]) -> list[ImportRejection]:
    longest = ImportRejection._meta.get_field("reason").max_length
    return [
        ImportRejection(
            run=run, row=each.row, isbn=each.isbn, code=each.code[:40], reason=each.reason[:longest]
        )
        for each in rejections
    ]
