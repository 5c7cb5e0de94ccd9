"""Imports from the upload to the last row: checked, applied, stopped and gone on with.

A run that is under way says so with every batch (`beat_at`). None means that a job waits for it; a
beat that is `STALLED` seconds old, that whoever did it is gone.
"""

import hashlib
import os
import platform
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.enums import ImportState
from catalog.errors import ImportUnderWay
from catalog.models import ImportRun
from catalog.services.imports import encodings
from catalog.services.imports.files import BookFile
from catalog.services.imports.passes import BATCH, Pass, RunLost
from catalog.services.imports.rejections import FileRefused
from core import jobs, locks
from core.errors import Busy
from core.ids import uuid7

STALLED = timedelta(seconds=30)
MOST_STARTS = 5  # without a batch in between
SLICE = 30.0  # seconds
FINDING = 5  # times what finding the place in the file took, at least
UNDER_WAY = (ImportState.CHECKING, ImportState.APPLYING)

log = structlog.get_logger(__name__)


def register_file(
    *,
    file: BinaryIO,
    filename: str,
    actor_id: uuid.UUID | None,
    state: ImportState,
    stored_as: str = "",
    file_format: str | None = None,
    fills_gaps_only: bool = False,
) -> ImportRun:
    """Return a new run of a file, which is looked at but not read yet; raise `FileRefused`."""
    book_file = BookFile(file, file_format)
    return ImportRun.objects.create(
        id=uuid7(),
        filename=Path(filename).name[-255:],
        stored_as=stored_as,
        format=book_file.format,
        sha256=sha256_of(file),
        size=file.seek(0, os.SEEK_END),
        state=state,
        fills_gaps_only=fills_gaps_only,
        counts={"encoding": book_file.encoding},
        actor_id=actor_id,
    )


def sha256_of(file: BinaryIO) -> str:
    """Return the checksum of a whole file, which is known again by it."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(encodings.CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def import_file(*, path: Path, actor_id: uuid.UUID | None, batch_size: int = BATCH) -> ImportRun:
    """Import the books of a file on this machine at once and return the run, which is over.

    Books are known by their ISBN, so a second run changes nothing. What a row leaves out stays as
    it is. Every `batch_size` rows are a transaction; memory does not grow with the file. Raises
    OSError or `FileRefused` when the file cannot be read on; batches before that are kept.
    """
    with path.open("rb") as file:
        run = register_file(
            file=file, filename=path.name, actor_id=actor_id, state=ImportState.APPLYING
        )
        go_through(run_id=run.pk, file=file, batch_size=batch_size)
    run.refresh_from_db()
    return run


def stopped_run_of(*, file: BinaryIO, fills_gaps_only: bool) -> ImportRun | None:
    """Return the run of this very file that this machine began to apply and did not end."""
    return (
        ImportRun.objects.filter(
            sha256=sha256_of(file),
            fills_gaps_only=fills_gaps_only,
            stored_as="",
            state=ImportState.APPLYING,
        )
        .order_by("-id")
        .first()
    )


def abandon(*, run_id: uuid.UUID) -> None:
    """Cancel a run that nobody is at; locks it. Raises `ImportUnderWay`."""
    with transaction.atomic():
        run = locks.lock_row(ImportRun.objects.filter(pk=run_id))
        if run is None or is_alive(run):
            raise ImportUnderWay
        run.state, run.beat_at, run.finished_at = ImportState.CANCELLED, None, timezone.now()
        run.save(update_fields=["state", "beat_at", "finished_at"])


def go_through(
    *,
    run_id: uuid.UUID,
    file: BinaryIO,
    batch_size: int = BATCH,
    pauses: bool = False,
    on_batch: Callable[[ImportRun], None] = lambda run: None,
) -> None:
    """Check or apply a run from its place in the file on.

    Each batch commits with its place and counts, so a run that is killed goes on after the last
    one, with nothing doubled and nothing lost. At the end a checked run is CHECKED, an applied one
    DONE; one that is cancelled meanwhile stops. With `pauses` it makes room for other jobs after
    `SLICE` seconds and leaves a job that goes on. Raises `ImportUnderWay` when somebody else is at
    it or it is over; `FileRefused`, and any error that is no outage, make it FAILED.
    """
    run = _take_up(run_id)
    try:
        file.seek(0)
        reading = Pass(
            run,
            BookFile(file, run.format, encoding=run.counts.get("encoding")),
            dry_run=run.state == ImportState.CHECKING,
            batch_size=batch_size,
        )
        pause = _Pause() if pauses else None
        for run in reading.batches():
            on_batch(run)
            if pause and pause.is_due():
                queue(run)
                return
        _finish(run)
    except RunLost:
        log.info("import_stopped", import_id=str(run_id))
    except FileRefused as refusal:
        _fail(run_id, refusal.message)
        raise
    except (Busy, OperationalError, InterfaceError, OSError, KeyboardInterrupt):
        # Over soon: then it goes on from here.
        with suppress(OperationalError, InterfaceError):
            ImportRun.objects.filter(pk=run_id, beat_at=run.beat_at).update(
                beat_at=timezone.now() - STALLED
            )
        raise
    except Exception:
        _fail(run_id, _("This was our mistake, not the file's. What came before it was kept."))
        raise


class _Pause:
    """Due after `SLICE`, or later: what finding the place in the file took must be worth it."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._seconds = 0.0

    def is_due(self) -> bool:
        passed = time.monotonic() - self._began
        self._seconds = self._seconds or max(SLICE, FINDING * passed)
        return passed > self._seconds


def queue(run: ImportRun) -> None:
    """Leave a run that is ours, or nobody's, to a job: both or neither."""
    with transaction.atomic():
        if ImportRun.objects.filter(pk=run.pk, beat_at=run.beat_at).update(beat_at=None):
            if run.state == ImportState.APPLYING:
                jobs.enqueue("catalog.apply_import", import_id=str(run.pk))
            else:
                jobs.enqueue("catalog.check_import", import_id=str(run.pk))


def _take_up(run_id: uuid.UUID) -> ImportRun:
    """Make the run ours; locks it."""
    with transaction.atomic():
        run = locks.lock_row(ImportRun.objects.filter(pk=run_id))
        if run is None or run.state not in (ImportState.UPLOADED, *UNDER_WAY) or is_alive(run):
            raise ImportUnderWay
        starts = run.counts.get("starts", 0) + 1
        if run.state == ImportState.UPLOADED:
            run.state = ImportState.CHECKING
        run.counts |= {"starts": starts, "holder": f"{platform.node()}:{os.getpid()}"}
        run.beat_at = timezone.now()
        run.started_at = run.started_at or run.beat_at
        run.save(update_fields=["state", "counts", "beat_at", "started_at"])
    if starts > MOST_STARTS:
        _fail(run_id, _("The import broke off at the same place again and again."))
        raise ImportUnderWay
    return run


def is_alive(run: ImportRun) -> bool:
    """Whether somebody is at a run, as far as can be told from here."""
    if run.beat_at is None or run.beat_at <= timezone.now() - STALLED:
        return False
    host, _colon, process = run.counts.get("holder", "").rpartition(":")
    if host != platform.node() or not process.isdigit():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _finish(run: ImportRun) -> None:
    with transaction.atomic():
        now = locks.lock_row(ImportRun.objects.filter(pk=run.pk))
        if now is None or (now.state, now.beat_at) != (run.state, run.beat_at):
            raise RunLost
        is_checked = run.state == ImportState.CHECKING
        now.state = ImportState.CHECKED if is_checked else ImportState.DONE
        now.counts["total"] = now.rows_done
        now.beat_at, now.finished_at = None, timezone.now()
        now.save(update_fields=["state", "counts", "beat_at", "finished_at"])


def _fail(run_id: uuid.UUID, why: str) -> None:
    ImportRun.objects.filter(pk=run_id, state__in=UNDER_WAY).update(
        state=ImportState.FAILED, error=why[:500], beat_at=None, finished_at=timezone.now()
    )
