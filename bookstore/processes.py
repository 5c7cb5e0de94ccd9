"""Processes that are kept alive: started again when they die, stopped together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_STOP = 30  # gunicorn lets requests finish for 25
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
_PR_SET_PDEATHSIG = 1


def say(message: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


@dataclass
class Child:
    """A process that is started again when it dies, after a pause that doubles each time."""

    name: str
    command: list[str]
    environment: dict[str, str]
    failures: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = 0.0
    _resume_at: float = 0.0

    def tend(self) -> None:
        """Start the process, or start it again if it died and its pause is over."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._resume_at:
                self._start(now)
            return
        status = self._process.poll()
        if status is None:
            return
        if now - self._started_at > HEALTHY_AFTER:
            self.failures = 0
        pause = min(2.0**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self._process, self._resume_at = None, now + pause
        say(f"The {self.name} ended with status {status}; starting it again in {pause:.0f} s.")

    def terminate(self) -> None:
        """Ask the process to end. Only it: gunicorn's master ends its workers in good order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, deadline: float) -> None:
        """Wait for the end of the process; at the deadline kill it and whatever it started."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"The {self.name} does not end by itself; killing it.")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _start(self, now: float) -> None:
        self._started_at = now
        self._process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            # A session of its own: Ctrl-C reaches the supervisor alone, which stops the others.
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )


def stop_all(children: list[Child]) -> None:
    """Stop all processes at the same time and wait for them."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        child.wait(deadline)


def _end_with_parent() -> None:
    """Ask Linux for a SIGTERM when the supervisor is gone, so that kill -9 leaves no orphans."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
