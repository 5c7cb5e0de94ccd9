"""The catalogue's background jobs: each calls one service."""

import uuid

import procrastinate
from procrastinate.contrib.django import app

from catalog.services import covers
from core.request_context import begin_request


@app.task(
    name="catalog.make_renditions",
    retry=procrastinate.RetryStrategy(max_attempts=8, exponential_wait=4),
)
def make_renditions(*, cover_id: str, request_id: str) -> None:
    """Make what pages show of a cover's picture."""
    begin_request(request_id)
    covers.make_renditions(cover_id=uuid.UUID(cover_id))


@app.task(
    name="catalog.remove_cover_files",
    retry=procrastinate.RetryStrategy(max_attempts=8, exponential_wait=4),
)
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
