"""`python -m bookstore.run`: the whole shop on one machine, behind `make run`.

Brings up the private engines (unless DATABASE_URL and REDIS_URL name others), migrates, loads the
demo shop, collects static files, then keeps gunicorn and a job worker alive until Ctrl-C. Then it
stops everything it started, and nothing else.
"""

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NoReturn

from dotenv import dotenv_values

from bookstore import embedded
from bookstore.engines.place import EngineError
from bookstore.processes import ROOT, Child, say, stop_all

DATA_DIR = ROOT / ".data"
DEMO_PASSWORD = "bookstore-demo"  # noqa: S105 - printed below for everyone to see
DEMO_LOGINS = ("admin", "manager", "employee", "reader")
# What the demo shop needs and a real shop sets otherwise. The environment and .env win.
DEFAULTS = {
    "DEMO": "true",
    "HTTPS": "false",
    "DEBUG": "false",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "LOG_FORMAT": "console",
    "TAX_RATE": "18",
    "HOST": "127.0.0.1",
    "PORT": "8000",
}
SECRETS = ("SECRET_KEY", "JWT_SIGNING_KEY")
TICK = 0.2
SECONDS_BETWEEN_LOOKS_AT_ENGINES = 2.0
FAILURES_BEFORE_GIVING_UP = 3


class CannotRunError(Exception):
    """The shop cannot run; the message is the one sentence that a person needs."""


def main() -> int:
    """Run the shop until a signal; return the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        environment = shop_environment()
        with only_one(environment) as note:
            check_port(environment)
            with private_engines(environment, note) as private:
                add_secrets(environment)
                prepare(environment)
                supervise(environment, private=private)
    except (CannotRunError, EngineError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def _interrupt(*_: object) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # impatience must not leave half of it running
    raise KeyboardInterrupt


def shop_environment() -> dict[str, str]:
    """Return the environment of every process: what was given, then the demo's defaults."""
    given = {key: value for key, value in dotenv_values(ROOT / ".env").items() if value}
    given |= {key: value for key, value in os.environ.items() if value}
    environment = DEFAULTS | given | {"DJANGO_SETTINGS_MODULE": "bookstore.settings"}
    port = environment["PORT"]
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotRunError(f"PORT is a number from 1 to 65535, not {port!r}.")
    return environment


def is_demo(environment: dict[str, str]) -> bool:
    """Return whether the demo shop is wanted (the words that the settings take for true)."""
    return environment["DEMO"].lower() in {"true", "t", "yes", "y", "on", "1"}


def address_of(environment: dict[str, str]) -> str:
    """Return the address that a person opens; this machine is shown as localhost."""
    host = environment["HOST"]
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104
    return f"http://{shown}:{environment['PORT']}/"


@contextlib.contextmanager
def only_one(environment: dict[str, str]) -> Iterator[dict[str, object]]:
    """Hold the lock of this checkout's shop; yield the note in the lock file.

    The note says where the shop runs and which engines the run has to stop. A run that was killed
    leaves its note behind, and the next one stops those engines in its place.
    """
    try:
        DATA_DIR.mkdir(exist_ok=True)
        lock = (DATA_DIR / "run.lock").open("a+")
    except PermissionError:
        raise CannotRunError(
            f"{DATA_DIR} belongs to another user. Run as that user, or remove it."
        ) from None
    with lock:
        lock.seek(0)
        left = {}
        with contextlib.suppress(ValueError):
            left = json.loads(lock.read() or "{}")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRunError(
                f"This shop is running already at {left.get('address', '?')} "
                f"(process {left.get('pid', '?')}); stop it there with Ctrl-C first."
            ) from None
        note = {"pid": os.getpid(), "address": address_of(environment)}
        note["engines"] = left.get("engines", [])
        _write_note(note)
        try:
            yield note
        finally:
            _write_note({})


def _write_note(note: dict[str, object]) -> None:
    (DATA_DIR / "run.lock").write_text(json.dumps(note))


def check_port(environment: dict[str, str]) -> None:
    """Raise `CannotRunError` if we could not listen on the port, before any work is done."""
    host, port = environment["HOST"], int(environment["PORT"])
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except socket.gaierror:
        raise CannotRunError(f"HOST={host} is no address of this machine.") from None
    except PermissionError:
        raise CannotRunError(
            f"Port {port} is for administrators only; choose another: make run PORT=8001"
        ) from None
    except OSError as error:
        raise CannotRunError(
            f"Cannot listen on {host}, port {port} ({error.strerror}); "
            f"choose another port: make run PORT={port % 65535 + 1}"
        ) from None


@contextlib.contextmanager
def private_engines(environment: dict[str, str], note: dict[str, object]) -> Iterator[bool]:
    """Keep the private engines up meanwhile; yield False if both URLs were given instead."""
    if environment.keys() >= {"DATABASE_URL", "REDIS_URL"}:
        yield False
        return
    down = {name for name, up in embedded.status(DATA_DIR).items() if not up}
    left = note["engines"]
    to_stop = down | set(left if isinstance(left, list) else [])
    note["engines"] = sorted(to_stop)
    _write_note(note)
    try:
        say("Starting PostgreSQL and Redis …")
        engines = embedded.start(DATA_DIR)
        environment.setdefault("DATABASE_URL", engines.database_url)
        environment.setdefault("REDIS_URL", engines.redis_url)
        yield True
    finally:
        embedded.stop(DATA_DIR, frozenset(to_stop))


def add_secrets(environment: dict[str, str]) -> None:
    """Make the keys that were not given, once, and keep them where only we can read them."""
    path = DATA_DIR / "secrets.env"
    kept = {key: value for key, value in dotenv_values(path).items() if value}
    missing = {key: secrets.token_urlsafe(64) for key in SECRETS if key not in kept}
    if missing:
        kept |= missing
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as output:
            output.writelines(f"{key}={value}\n" for key, value in kept.items())
        partial.rename(path)
    for key in SECRETS:
        environment.setdefault(key, kept[key])


def prepare(environment: dict[str, str]) -> None:
    """Bring database, demo shop and static files up to date; quick when they are."""
    manage(environment, "prepare_shop")
    stamp, now = DATA_DIR / "static.stamp", static_fingerprint()
    manifest = ROOT / "staticfiles" / "staticfiles.json"
    if manifest.exists() and stamp.exists() and stamp.read_text() == now:
        return
    manage(environment, "collectstatic", "--noinput", "--clear", "--verbosity=0")
    stamp.write_text(now)


def manage(environment: dict[str, str], *command: str) -> None:
    """Run one management command; its own output says what went wrong if it fails."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=False
    )
    if done.returncode:
        raise CannotRunError(f"`manage.py {command[0]}` failed; see above.")


def static_fingerprint() -> str:
    """Return what the collected files depend on: our own files, and the versions of packages."""
    digest = hashlib.sha256()
    for path in (ROOT / "requirements.txt", ROOT / "bookstore" / "settings" / "base.py"):
        digest.update(path.read_bytes())
    for directory in sorted([ROOT / "static", *ROOT.glob("*/static")]):
        for path in sorted(directory.rglob("*")):
            status = path.stat()
            digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def supervise(environment: dict[str, str], *, private: bool) -> None:
    """Keep gunicorn, the job worker and the private engines alive until a signal arrives."""
    python = sys.executable
    web = Child("web server", [python, "-m", "gunicorn", "-c", "deploy/gunicorn.py"], environment)
    worker = Child("job worker", [python, "manage.py", "procrastinate", "worker"], environment)
    announced, looked_at = False, time.monotonic()
    try:
        while True:
            web.tend()
            worker.tend()
            if not announced and is_ready(environment):
                announce(environment)
                announced = True
            if not announced and web.failures >= FAILURES_BEFORE_GIVING_UP:
                raise CannotRunError("The web server does not start; see above.")
            if private and time.monotonic() - looked_at > SECONDS_BETWEEN_LOOKS_AT_ENGINES:
                revive_engines()
                looked_at = time.monotonic()
            time.sleep(TICK)
    finally:
        say("Stopping …")
        stop_all([web, worker])


def revive_engines() -> None:
    """Start a private engine again that somebody killed."""
    if not all(embedded.status(DATA_DIR).values()):
        say("An engine is down; starting it again.")
        embedded.start(DATA_DIR)


def is_ready(environment: dict[str, str]) -> bool:
    """Ask the shop itself whether it can serve."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(environment["HOST"], environment["HOST"])  # noqa: S104
    name = environment["ALLOWED_HOSTS"].split(",")[0].strip().lstrip("*.") or "localhost"
    connection = http.client.HTTPConnection(host, int(environment["PORT"]), timeout=2)
    try:
        connection.request("GET", "/api/v1/health/ready", headers={"Host": name})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(environment: dict[str, str]) -> None:
    """Print where the shop is and how to get in."""
    lines = ["", f"The bookshop is open at {address_of(environment)}"]
    if is_demo(environment):
        lines += [f"  staff desk: {address_of(environment)}admin/", "", "Demo logins:"]
        lines += [f"  {name}@example.com" for name in DEMO_LOGINS]
        lines += [f"  password of all of them: {DEMO_PASSWORD}"]
    if not environment.get("EMAIL_URL"):
        lines += ["", f"Mails become files in {environment.get('MAILBOX_DIR', '.data/mailbox')}"]
    say("\n".join([*lines, "", "Ctrl-C stops it.", ""]))


if __name__ == "__main__":
    sys.exit(main())
