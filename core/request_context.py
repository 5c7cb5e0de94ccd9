"""What service code knows of the request that it runs for: an id; and what it notes for the answer.

The id is the request's, or that of the request that started a job.
"""

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass

import structlog

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,128}")
_request_id: ContextVar[str] = ContextVar("request_id", default="")


@dataclass(frozen=True)
class Quota:
    """Of `attempts` there are `remaining` until the counter starts anew in `reset` seconds."""

    attempts: int
    remaining: int
    reset: int


_quota: ContextVar[Quota | None] = ContextVar("quota", default=None)


def current_request_id() -> str:
    """Return the id of the request being served, empty outside one."""
    return _request_id.get()


def begin_request(offered: str | None) -> str:
    """Take over a well-formed id or make one, and put it into every log line from here on."""
    request_id = offered if offered and _WELL_FORMED.fullmatch(offered) else uuid.uuid4().hex
    _request_id.set(request_id)
    _quota.set(None)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def note_quota(quota: Quota) -> None:
    """Remember what is left of a limit; of several the one with least left is told."""
    known = _quota.get()
    if known is None or quota.remaining < known.remaining:
        _quota.set(quota)


def noted_quota() -> Quota | None:
    """Return what is left of the tightest limit that this request counted on."""
    return _quota.get()
