"""Where the time of one request goes, measured in process by clocks at the borders.

No profiler: one that traces every call makes small functions look slow. A clock around every
statement (and commit, and the look at a kept connection) gives the time spent in the database
driver and PostgreSQL, a clock around the outermost template gives rendering (less the statements
it starts), and the rest is Python of middleware, views, selectors and serializers.
"""

import io
import logging
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock
from urllib.parse import unquote_to_bytes

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.template.base import Template

from benchmarks.loads import Script

REPEATS = 120
WARM_UP = 15


@dataclass(frozen=True)
class Breakdown:
    """Medians of one kind of request: statements, then milliseconds."""

    statements: int
    total: float
    database: float
    template: float

    @property
    def python(self) -> float:
        """What is neither the database nor rendering."""
        return max(0.0, self.total - self.database - self.template)


class _Clocks:
    def __init__(self) -> None:
        self.statements = 0
        self.database = self.template = 0.0
        self.is_rendering = False

    def around_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        return self.in_database(execute, sql, params, many, context)

    def in_database(self, call: Callable[..., Any], *args: Any) -> Any:
        started = time.perf_counter()
        try:
            return call(*args)
        finally:
            self.statements += 1
            self.database += time.perf_counter() - started

    def in_template(self, render: Callable[..., str], *args: Any) -> str:
        if self.is_rendering:
            return render(*args)
        self.is_rendering = True
        started, waited = time.perf_counter(), self.database
        try:
            return render(*args)
        finally:
            self.is_rendering = False
            self.template += time.perf_counter() - started - (self.database - waited)


@contextmanager
def _clocks() -> Iterator[_Clocks]:
    clocks = _Clocks()
    render, commit, is_usable = Template.render, DatabaseWrapper._commit, DatabaseWrapper.is_usable
    with (
        connection.execute_wrapper(clocks.around_statement),
        mock.patch.object(Template, "render", lambda *a: clocks.in_template(render, *a)),
        mock.patch.object(
            DatabaseWrapper, "_commit", lambda self: clocks.in_database(commit, self)
        ),
        mock.patch.object(
            DatabaseWrapper, "is_usable", lambda self: clocks.in_database(is_usable, self)
        ),
    ):
        yield clocks


def break_down(application: Callable[..., Any], script: Script) -> dict[str, Breakdown]:
    """Answer a script's requests one after another in this process; return medians by label."""
    samples: dict[str, list[tuple[float, ...]]] = {}
    _log_to_nowhere()
    for label, request in _repeated(script):
        environ = _environ(request)
        with _clocks() as clocks:
            started = time.perf_counter()
            _answer(application, environ)
            total = time.perf_counter() - started
        samples.setdefault(label, []).append(
            (clocks.statements, total, clocks.database, clocks.template)
        )
    return {label: _medians(rows) for label, rows in samples.items()}


def _log_to_nowhere() -> None:
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(io.StringIO())


def _repeated(script: Script) -> Iterable[tuple[str, str]]:
    times = -(-(REPEATS + WARM_UP) // len(script))
    return (list(script) * times)[: REPEATS + WARM_UP]


def _medians(rows: list[tuple[float, ...]]) -> Breakdown:
    warm = rows[min(WARM_UP, len(rows) // 4) :]
    statements, total, database, template = (
        statistics.median(column) for column in zip(*warm, strict=True)
    )
    return Breakdown(int(statements), total * 1000, database * 1000, template * 1000)


def _answer(application: Callable[..., Any], environ: dict[str, Any]) -> None:
    statuses: list[str] = []
    response = application(environ, lambda status, _headers: statuses.append(status))
    body = b"".join(response)
    response.close()
    if not statuses[0].startswith("2"):
        raise RuntimeError(f"{environ['PATH_INFO']}: {statuses[0]}\n{body[:500]!r}")


def _environ(request: str) -> dict[str, Any]:
    """Return the WSGI environment that gunicorn would make of a request."""
    head, _, body = request.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    method, address, _version = first.split(" ")
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body.encode()),
        "wsgi.errors": io.StringIO(),
    }
    for name, value in (line.split(": ", 1) for line in lines):
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
    return environ
