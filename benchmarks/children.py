"""A command in a process of its own: how long it took, and in what memory."""

import os
import sys
import tempfile
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Child:
    """What became of it, its start included; `cpu` in seconds, `peak` of memory in MiB."""

    said: list[str]
    seconds: float
    cpu: float
    peak: float


def run_command(environment: dict[str, str], *command: str) -> Child:
    """Run a management command; leaves with its status when it fails.

    `cpu` and `peak` are of this process alone: busy neighbours stretch `seconds` only.
    """
    with tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        # wait4 tells the memory of this one child; it runs where `make` does, in the project.
        child = os.posix_spawn(
            sys.executable,
            [sys.executable, "manage.py", *command],
            environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1)],
        )
        _pid, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - started
        output.seek(0)
        said = output.read().splitlines()
    if status:
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return Child(said, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
