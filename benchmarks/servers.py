"""The two web servers that are compared: the shop, and beside it one bare view."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.environment import BARE_PORT, DATA_DIR, ROOT, SHOP_PORT

SECONDS_TO_START = 60
SECONDS_TO_STOP = 30


@dataclass(frozen=True)
class Servers:
    """Process ids of the two gunicorn masters."""

    shop_pid: int
    bare_pid: int


@contextmanager
def both_servers(environment: dict[str, str], book_id: int) -> Iterator[Servers]:
    """Run shop and bare view with the configuration file that `make run` uses, until the end."""
    with shop_server(environment) as shop_pid, bare_server(environment, book_id) as bare_pid:
        yield Servers(shop_pid, bare_pid)


@contextmanager
def shop_server(environment: dict[str, str]) -> Iterator[int]:
    """Run the shop alone; yield the process id of its gunicorn master."""
    shop = _gunicorn(environment, "bookstore.wsgi:application", SHOP_PORT, "shop")
    with _until_the_end(shop, SHOP_PORT, "/api/v1/health/ready") as pid:
        yield pid


@contextmanager
def bare_server(environment: dict[str, str], book_id: int) -> Iterator[int]:
    """Run the bare view alone; yield the process id of its gunicorn master."""
    bare = _gunicorn(environment, "benchmarks.bare.wsgi:application", BARE_PORT, "bare")
    with _until_the_end(bare, BARE_PORT, f"/{book_id}/") as pid:
        yield pid


@contextmanager
def _until_the_end(process: subprocess.Popen[bytes], port: int, path: str) -> Iterator[int]:
    try:
        _wait_for(process, port, path)
        yield process.pid
    finally:
        process.terminate()
        process.wait(SECONDS_TO_STOP)


def _gunicorn(
    environment: dict[str, str], application: str, port: int, name: str
) -> subprocess.Popen[bytes]:
    with (DATA_DIR / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.py"),
                *("--bind", f"127.0.0.1:{port}", application),
            ],
            cwd=ROOT,
            env=environment | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _wait_for(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise RuntimeError(f"The server on port {port} does not answer; see {DATA_DIR}/*.log")
