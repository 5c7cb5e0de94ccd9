"""Where the measured shop lives: engines, a database of its own, settings as in production.

Each catalogue that is measured has a database of its own, made once. The engines are private to
the benchmarks (`.data/bench`), so that neither the demo shop's data nor its caches are in the way.
Real servers are measured by giving DATABASE_URL and REDIS_URL; the databases `bookstore_bench…`
beside the named one are made and used, never the named one itself.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bookstore import embedded

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = ROOT / ".data" / "bench"
DATABASE = "bookstore_bench"
SHOP_PORT = 8790
BARE_PORT = 8791


@contextmanager
def bench_environment(database: str = DATABASE) -> Iterator[dict[str, str]]:
    """Yield the environment of every process measured; stop afterwards what this run started."""
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    started: frozenset[str] = frozenset()
    try:
        if {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
            database_url, redis_url = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        else:
            engines = embedded.start(DATA_DIR)
            started = engines.started
            database_url, redis_url = engines.database_url, engines.redis_url
        _ensure_database(database_url, database)
        environment = dict(os.environ) | _settings(_beside(database_url, database), redis_url)
        os.environ |= environment
        yield environment
    finally:
        if started:
            embedded.stop(DATA_DIR, started)


@contextmanager
def empty_database(environment: dict[str, str], database: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a migrated database of its own, gone afterwards."""
    url, name = environment["DATABASE_URL"], sql.Identifier(database)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        own = environment | {"DATABASE_URL": _beside(url, database)}
        try:
            manage(own, "migrate", "--verbosity=0")
            yield own
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def manage(environment: dict[str, str], *command: str) -> None:
    """Run a management command on the measured shop; raises CalledProcessError when it fails."""
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)


def prepare_static_files(environment: dict[str, str]) -> None:
    """Collect static files as production does, if anything changed since the last run."""
    from bookstore.run import static_fingerprint  # noqa: PLC0415 - nothing else of it is needed

    stamp, now = DATA_DIR / "static.stamp", static_fingerprint()
    if not stamp.exists() or stamp.read_text() != now:
        manage(environment, "collectstatic", "--noinput", "--clear", "--verbosity=0")
        stamp.write_text(now)


def _settings(database_url: str, redis_url: str) -> dict[str, str]:
    """As in production, but plain HTTP on this machine, no rate limits and nothing cached."""
    return {
        "DJANGO_SETTINGS_MODULE": "bookstore.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "JWT_SIGNING_KEY": secrets.token_urlsafe(64),
        "DEBUG": "false",
        "DEMO": "false",
        "HTTPS": "false",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HOST": "127.0.0.1",
        "RATE_LIMITS": "off",
        "TAX_RATE": "18",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        "DATABASE_POOL_SIZE": "0",
        "DATABASE_PREPARED_STATEMENTS": os.environ.get("DATABASE_PREPARED_STATEMENTS", "true"),
        "STATIC_ROOT": str(DATA_DIR / "static"),
        "MAILBOX_DIR": str(DATA_DIR / "mailbox"),
    }


def _beside(database_url: str, database: str) -> str:
    return urlunsplit(urlsplit(database_url)._replace(path=f"/{quote(database)}"))


def _ensure_database(database_url: str, database: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
