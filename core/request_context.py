"""The id of the request (or of the request that started a job) in whose service code runs."""

import re
import uuid
from contextvars import ContextVar

import structlog

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,128}")
_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Return the id of the request being served, empty outside one."""
    return _request_id.get()


def begin_request(offered: str | None) -> str:
    """Take over a well-formed id or make one, and put it into every log line from here on."""
    request_id = offered if offered and _WELL_FORMED.fullmatch(offered) else uuid.uuid4().hex
    _request_id.set(request_id)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id
