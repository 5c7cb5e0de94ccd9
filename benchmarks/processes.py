"""Who used the processors: CPU seconds of the web server, PostgreSQL and everything else."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class CpuTimes:
    """CPU seconds since some beginning; `machine` counts every process, busy."""

    web: float
    database: float
    machine: float

    def since(self, earlier: "CpuTimes") -> "CpuTimes":
        """Return what was used between two readings."""
        return CpuTimes(
            self.web - earlier.web,
            self.database - earlier.database,
            self.machine - earlier.machine,
        )


def read_cpu(gunicorn_pid: int) -> CpuTimes:
    """Read the CPU time of a gunicorn with its workers, and of the database server if it is here.

    A server on another machine, or of another namespace, counts as 0.
    """
    master = psutil.Process(gunicorn_pid)
    web = [master.pid, *(child.pid for child in master.children(recursive=True))]
    return CpuTimes(_seconds(web), _seconds(_database_pids()), _machine_seconds())


def _database_pids() -> list[int]:
    # The statistics view also lists the writers and the checkpointer, which work for us too.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return [pid for (pid,) in cursor.fetchall() if _is_postgres(pid)]


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


def _seconds(pids: Iterable[int]) -> float:
    total = 0
    for pid in pids:
        try:
            # After the name, which may hold spaces: state is field 3, utime 14 and stime 15.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def _machine_seconds() -> float:
    fields = [int(value) for value in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    user, nice, system, _idle, _waiting, interrupts, soft = fields[:7]
    return (user + nice + system + interrupts + soft) / _TICKS
