"""The live shop behind a second gunicorn that serves another WSGI callable: one without a guard."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fixtures.live_shop import ROOT, LiveShop, wait_until_healthy


@contextmanager
def twin_of(shop: LiveShop, application: str) -> Iterator[tuple[str, int]]:
    """Serve `application` (module:name) on the shop's database; yield host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["gunicorn", "--config", "deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    with (shop.logs / "unsafe.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, application],
            cwd=ROOT,
            env=shop.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", [process], shop.logs)
        yield ("127.0.0.1", port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
