"""The live shop behind a second gunicorn: without a guard, or without one of its engines."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fixtures.live_shop import ROOT, LiveShop, wait_until_healthy


@contextmanager
def twin_of(
    shop: LiveShop,
    application: str = "bookstore.wsgi:application",
    *,
    environment: dict[str, str] | None = None,
    check: str = "/api/v1/health",
) -> Iterator[tuple[str, int]]:
    """Serve `application` (module:name) on the shop's database; yield host and port.

    `environment` changes the shop's; `check` is the health check that tells when it is up.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["gunicorn", "--config", "deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    with (shop.logs / "unsafe.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, application],
            cwd=ROOT,
            env=shop.environment | (environment or {}),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", [process], shop.logs, check)
        yield ("127.0.0.1", port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
