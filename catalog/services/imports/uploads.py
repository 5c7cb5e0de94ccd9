"""Imports as the desk sees them: a file is handed in, checked, then applied or thrown away."""

import uuid
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.enums import ImportState
from catalog.errors import ImportNotReady, ImportUnderWay
from catalog.models import ImportRejection, ImportRun
from catalog.services.imports import runs
from catalog.services.imports.rejections import FileRefused
from core import locks
from core.ids import uuid7
from core.services import audit

FOLDER = "imports"
KEPT = timedelta(days=30)
LOOSE = timedelta(days=1)  # a file without a run, left by a process that died
CANCELLABLE = (ImportState.UPLOADED, ImportState.CHECKED, *runs.UNDER_WAY)


def upload(
    *, file: File, filename: str, fills_gaps_only: bool, actor_id: uuid.UUID | None
) -> ImportRun:
    """Keep a file and return its run, which a job checks; the name is only ever shown.

    Raises `FileRefused` for what is too large or no list of books: then nothing is kept.
    """
    if file.size > settings.IMPORT_MOST_BYTES:
        raise too_large()
    name = storages["private"].save(f"{FOLDER}/{uuid7()}", file)
    try:
        with transaction.atomic():
            run = runs.register_file(
                file=cast("BinaryIO", file),
                filename=filename,
                stored_as=name,
                actor_id=actor_id,
                state=ImportState.UPLOADED,
                fills_gaps_only=fills_gaps_only,
            )
            _record("uploaded", run, actor_id)
            runs.queue(run)
    except BaseException:
        storages["private"].delete(name)
        raise
    return run


def too_large() -> FileRefused:
    """Return what is said of a file that nobody needs to read to its end."""
    most = settings.IMPORT_MOST_BYTES // 1_000_000
    return FileRefused("FILE_TOO_LARGE", _("The file is larger than %d MB.") % most)


def work_on(*, run_id: uuid.UUID) -> None:
    """Check or apply an uploaded file from its place on, as its state says: what jobs do.

    Quiet when somebody else is at it, when it is over, and when the file is refused, which the run
    tells. An outage is raised; the run then goes on where it was.
    """
    run = ImportRun.objects.filter(pk=run_id).exclude(stored_as="").first()
    if run is None:
        return
    try:
        with storages["private"].open(run.stored_as, "rb") as file:
            runs.go_through(run_id=run_id, file=cast("BinaryIO", file), pauses=True)
    except (ImportUnderWay, FileRefused):
        return


def apply(*, run_id: uuid.UUID, actor_id: uuid.UUID | None) -> None:
    """Let a job apply a checked file; locks the run. Raises `ImportNotReady`."""
    with transaction.atomic():
        run = _locked(run_id, ImportState.CHECKED)
        ImportRejection.objects.filter(run=run).delete()
        kept = {name: run.counts[name] for name in ("total", "encoding")}
        run.state, run.counts, run.actor_id = ImportState.APPLYING, kept, actor_id
        run.rows_done = run.bytes_done = 0
        run.started_at = run.finished_at = None
        run.save()
        _record("applied", run, actor_id)
        runs.queue(run)


def go_on(*, run_id: uuid.UUID, actor_id: uuid.UUID | None) -> None:
    """Let a job go on with a run that an error stopped, after its last batch; locks the run.

    Raises `ImportNotReady`.
    """
    with transaction.atomic():
        run = _locked(run_id, ImportState.FAILED)
        # Only a check to the end knows how many rows there are.
        is_applied = "total" in run.counts
        run.state = ImportState.APPLYING if is_applied else ImportState.CHECKING
        run.counts.pop("starts", None)
        run.error, run.beat_at, run.finished_at = "", None, None
        run.save()
        _record("continued", run, actor_id)
        runs.queue(run)


def cancel(*, run_id: uuid.UUID, actor_id: uuid.UUID | None) -> None:
    """Stop a run before its next batch; what was applied stays. Locks the run.

    Raises `ImportNotReady` when it is over.
    """
    with transaction.atomic():
        run = _locked(run_id, *CANCELLABLE)
        run.state, run.beat_at, run.finished_at = ImportState.CANCELLED, None, timezone.now()
        run.save(update_fields=["state", "beat_at", "finished_at"])
        _record("cancelled", run, actor_id)


def resume_stalled() -> int:
    """Give runs whose process is gone to new jobs; return how many."""
    stalled = ImportRun.objects.filter(
        state__in=runs.UNDER_WAY, beat_at__lte=timezone.now() - runs.STALLED
    ).exclude(stored_as="")
    for run in stalled:
        runs.queue(run)
    return len(stalled)


def purge() -> None:
    """Forget runs of more than `KEPT` ago with their files, and files without a run."""
    now = timezone.now()
    idle = Q(beat_at=None) | Q(beat_at__lte=now - runs.STALLED)
    for run in ImportRun.objects.filter(idle, created_at__lt=now - KEPT):
        if run.stored_as:
            storages["private"].delete(run.stored_as)
        run.delete()
    _purge_loose_files(now - LOOSE)


def _purge_loose_files(before: Any) -> None:
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return
    names = {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]}
    known = ImportRun.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
    for name in names.difference(known):
        if storage.get_modified_time(name) < before:
            storage.delete(name)


def _locked(run_id: uuid.UUID, *states: ImportState) -> ImportRun:
    run = locks.lock_row(ImportRun.objects.filter(pk=run_id))
    if run is None or run.state not in states:
        raise ImportNotReady
    return run


def _record(verb: str, run: ImportRun, actor_id: uuid.UUID | None) -> None:
    audit.record_change(
        action=f"import.{verb}",
        entity_type="import",
        entity_id=run.pk,
        actor_id=actor_id,
        new={"state": run.state, "rows_done": run.rows_done, "sha256": run.sha256},
    )
