"""The private engines of one checkout: a real PostgreSQL and a real Redis, for development.

`start(data_dir)` brings both up, or finds them up, and says how to reach them. They listen on
sockets that other users of the machine cannot open, outlive the process that started them, and are
shared by `make run`, `make test` and whoever asks. `stop(data_dir)` ends them cleanly.

    python -m bookstore.embedded start|stop|status [--data-dir .data]

Nothing of this is used where DATABASE_URL and REDIS_URL name real servers.
"""

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bookstore.engines import place, postgres, redis
from bookstore.engines.place import EngineError

DATABASE = "bookstore"
DATA_DIR = Path(__file__).resolve().parent.parent / ".data"
ENGINES = {"postgres": postgres, "redis": redis}


@dataclass(frozen=True)
class Engines:
    """How to reach the running engines, and which of them this very call started."""

    sockets: Path
    started: frozenset[str] = frozenset()

    @property
    def database_url(self) -> str:
        """The URL of the shop's database."""
        return self.database_url_for(DATABASE)

    def database_url_for(self, name: str) -> str:
        """Return the URL of another database on the same server (which must exist)."""
        return postgres.url(self.sockets, name)

    @property
    def redis_url(self) -> str:
        """The URL of Redis, database 0."""
        return redis.url(self.sockets)


def start(data_dir: Path) -> Engines:
    """Bring both engines up, or find them up, and write `<data_dir>/engines.env`.

    Safe to call again and from several processes at once: a file lock lets one of them do the
    work. Raises `EngineError` with a message for people.
    """
    data_dir = data_dir.resolve()
    with _alone(data_dir):
        started = set()
        if postgres.start(data_dir, DATABASE):
            started.add("postgres")
        if redis.start(data_dir):
            started.add("redis")
        sockets = place.known_socket_directory(data_dir)
        if sockets is None:  # pragma: no cover - both engines have just used it
            raise EngineError(f"The sockets of {data_dir} are gone.")
        engines = Engines(sockets, frozenset(started))
        _write_environment(data_dir / "engines.env", engines)
    return engines


def stop(data_dir: Path, only: frozenset[str] = frozenset(ENGINES)) -> frozenset[str]:
    """Stop the engines of `data_dir` cleanly (or `only` some); return those that were up."""
    data_dir = data_dir.resolve()
    if not data_dir.exists():
        return frozenset()
    with _alone(data_dir):
        stopped = {name for name in ENGINES if name in only and ENGINES[name].stop(data_dir)}
        place.forget_socket_directory(data_dir)
    return frozenset(stopped)


def status(data_dir: Path) -> dict[str, bool]:
    """Return for each engine whether it is up; changes nothing."""
    data_dir = data_dir.resolve()
    return {name: engine.running(data_dir) is not None for name, engine in ENGINES.items()}


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data directory's lock; the kernel drops it with the process, so it never sticks."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(data_dir / "engines.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise EngineError(
            f"{data_dir} belongs to another user ({error.strerror}). "
            "Run as that user, or remove it."
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write_environment(path: Path, engines: Engines) -> None:
    """Write the URLs for settings and shells; by a rename, so nobody reads half a file."""
    lines = [f"DATABASE_URL='{engines.database_url}'", f"REDIS_URL='{engines.redis_url}'"]
    partial = path.with_suffix(".partial")
    partial.write_text("\n".join(lines) + "\n")
    partial.rename(path)


def main() -> int:
    """Run one command of the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bookstore.embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status"])
    parser.add_argument("--data-dir", type=Path, default=DATA_DIR)
    arguments = parser.parse_args()
    try:
        if arguments.command == "start":
            engines = start(arguments.data_dir)
            print(f"DATABASE_URL={engines.database_url}\nREDIS_URL={engines.redis_url}")
        elif arguments.command == "stop":
            print("stopped: " + (", ".join(sorted(stop(arguments.data_dir))) or "nothing was up"))
        else:
            state = status(arguments.data_dir)
            print("\n".join(f"{name}: {'up' if up else 'down'}" for name, up in state.items()))
            return 0 if all(state.values()) else 3
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
