"""The catalogue's background jobs: each calls one service."""

import uuid

from procrastinate.contrib.django import app

from catalog.services import cover_fetches, covers, dated_prices, renames
from catalog.services.imports import uploads
from core.jobs import PATIENT
from core.request_context import begin_request


@app.task(name="catalog.make_renditions", retry=PATIENT)
def make_renditions(*, cover_id: str, request_id: str) -> None:
    """Make what pages show of a cover's picture."""
    begin_request(request_id)
    covers.make_renditions(cover_id=uuid.UUID(cover_id))


@app.task(name="catalog.fetch_cover", retry=PATIENT)
def fetch_cover(*, cover_id: str, request_id: str) -> None:
    """Fetch a cover's picture from where it is said to be."""
    begin_request(request_id)
    cover_fetches.fetch(cover_id=uuid.UUID(cover_id))


@app.task(name="catalog.remove_cover_files", retry=PATIENT)
def remove_cover_files(*, key: str, request_id: str) -> None:
    """Delete the files of a cover that is no more."""
    begin_request(request_id)
    covers.remove_files(key=uuid.UUID(key))


@app.periodic(cron="27 4 * * *")
@app.task(name="catalog.purge_covers", queueing_lock="catalog.purge_covers")
def purge_covers(timestamp: int) -> None:
    """Forget pictures that were put on no book."""
    begin_request(None)
    covers.purge_loose()


@app.task(name="catalog.check_import", retry=PATIENT)
def check_import(*, import_id: str, request_id: str) -> None:
    """Read a file of books to its end and say what it would change."""
    begin_request(request_id)
    uploads.work_on(run_id=uuid.UUID(import_id))


@app.task(name="catalog.apply_import", retry=PATIENT)
def apply_import(*, import_id: str, request_id: str) -> None:
    """Bring in the books of a checked file."""
    begin_request(request_id)
    uploads.work_on(run_id=uuid.UUID(import_id))


@app.periodic(cron="* * * * *")
@app.task(name="catalog.resume_imports", queueing_lock="catalog.resume_imports")
def resume_imports(timestamp: int) -> None:
    """Go on with imports whose worker died."""
    begin_request(None)
    uploads.resume_stalled()


@app.periodic(cron="57 4 * * *")
@app.task(name="catalog.purge_imports", queueing_lock="catalog.purge_imports")
def purge_imports(timestamp: int) -> None:
    """Forget imports of more than a month ago, with their files."""
    begin_request(None)
    uploads.purge()


@app.task(name="catalog.follow_rename", retry=PATIENT)
def follow_rename(*, kind: str, row_id: int, request_id: str) -> None:
    """Bring the many books of a contributor, publisher … up to date with a new name."""
    begin_request(request_id)
    renames.follow_in_batches(kind=kind, row_id=row_id)


# Midnight comes at another time in each zone, at a quarter of an hour in all of them.
@app.periodic(cron="*/15 * * * *")
@app.task(name="catalog.apply_dated_prices", queueing_lock="catalog.apply_dated_prices")
def apply_dated_prices(timestamp: int) -> None:
    """Put prices on books whose day has begun where the shop is."""
    begin_request(None)
    dated_prices.apply_due()
