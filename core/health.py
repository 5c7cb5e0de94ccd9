"""Whether the parts that the shop stands on answer.

Each check gives up soon and tells no more than its name: what went wrong is in the log, not in an
answer that anybody can read.
"""

from collections.abc import Callable
from dataclasses import dataclass

import redis
import structlog
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from core.redis import client

OK = "ok"
FAILING = "failing"
STATEMENT_TIMEOUT = "2s"
MOST_HEARTBEAT_SECONDS = 60

log = structlog.get_logger("health")


@dataclass(frozen=True)
class Health:
    """What each part answered: `ok` or `failing`."""

    checks: dict[str, str]

    @property
    def is_ok(self) -> bool:
        """Whether every part answered."""
        return all(state == OK for state in self.checks.values())


class Failing(Exception):
    """A part answered, but not as it must."""


def check_everything() -> Health:
    """Ask the database, the cache and the job queue; takes a few seconds at the very worst."""
    return _run({"database": _ask_database, "cache": _ask_cache, "jobs": _ask_jobs})


def check_readiness() -> Health:
    """Ask whether requests can be served: the database answers and is migrated."""
    return _run({"database": _ask_database, "migrations": _migrated.ask})


def _run(checks: dict[str, Callable[[], None]]) -> Health:
    return Health({name: _state(name, ask) for name, ask in checks.items()})


def _state(name: str, ask: Callable[[], None]) -> str:
    try:
        ask()
    except (DatabaseError, redis.RedisError, Failing) as error:
        log.warning("health check failed", check=name, reason=type(error).__name__)
        return FAILING
    return OK


def _ask_database() -> None:
    _select("SELECT 1")


def _ask_cache() -> None:
    client().ping()


def _ask_jobs() -> None:
    # Reading the queue and looking for a living worker is one statement.
    alive = _select(
        """
        SELECT EXISTS (
            SELECT 1 FROM procrastinate_workers
            WHERE last_heartbeat > now() - make_interval(secs => %s)
        ), EXISTS (SELECT 1 FROM procrastinate_jobs)
        """,
        [MOST_HEARTBEAT_SECONDS],
    )
    if not alive:
        raise Failing("no worker")


def _select(sql: str, values: list[int] | None = None) -> object:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


class _Migrations:
    """Remembers only good news: a migrated database stays so while the process lives."""

    def __init__(self) -> None:
        self.seen_applied = False

    def ask(self) -> None:
        if self.seen_applied:
            return
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise Failing("unapplied migrations")
        self.seen_applied = True


_migrated = _Migrations()
