"""Background jobs by name. A job's row commits with the data: it exists iff its change does."""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from core.request_context import current_request_id

# Tried again after 4 seconds, 16, 64 …: eight times within about six hours.
PATIENT = RetryStrategy(max_attempts=8, exponential_wait=4)


class UnknownJob(LookupError):
    """No `tasks.py` registers a job of this name: a mistake in the code, never in the data."""


def enqueue(name: str, **ids: Any) -> None:
    """Defer the job `name` ("commerce.send_order_confirmation") with plain ids as arguments.

    Joins the caller's transaction. The job is told the request id that started it, hands it to
    `core.request_context.begin_request` and so joins its log lines to the request's. Raises
    `UnknownJob` at once: a job that no worker knows would be lost in silence.
    """
    if name not in app.tasks:
        raise UnknownJob(name)
    app.configure_task(name=name).defer(request_id=current_request_id(), **ids)
