"""Background jobs by name. A job's row commits with the data: it exists iff its change does."""

from typing import Any

from procrastinate.contrib.django import app

from core.request_context import current_request_id


def enqueue(name: str, **ids: Any) -> None:
    """Defer the job `name` ("commerce.send_order_confirmation") with plain ids as arguments.

    Joins the caller's transaction. The job is told the request id that started it.
    """
    app.configure_task(name=name).defer(request_id=current_request_id(), **ids)
