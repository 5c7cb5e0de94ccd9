"""Running the load generator in a process of its own and reading what came out."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import processes
from benchmarks.environment import ROOT

Script = Sequence[tuple[str, str]]  # (label, request as it goes over the wire)


class LoadFailed(Exception):
    """An answer was not the one expected; the message shows the first of them."""


@dataclass(frozen=True)
class Cpu:
    """Milliseconds of CPU time."""

    web: float
    database: float
    generator: float

    @property
    def total(self) -> float:
        """All three."""
        return self.web + self.database + self.generator


@dataclass
class Load:
    """What one or several runs of the same load gave. Times in seconds."""

    seconds: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    web_cpu: float = 0.0
    database_cpu: float = 0.0
    generator_cpu: float = 0.0
    other_cpu: float = 0.0

    def add(self, other: "Load") -> None:
        """Join another run of the same load to this one."""
        self.seconds += other.seconds
        for label, times in other.times.items():
            self.times.setdefault(label, []).extend(times)
        self.statuses += other.statuses
        self.answers += other.answers
        self.web_cpu += other.web_cpu
        self.database_cpu += other.database_cpu
        self.generator_cpu += other.generator_cpu
        self.other_cpu += other.other_cpu

    def cpu_of_one(self, label: str) -> "Cpu":
        """What one request with this label costs, those around it included (adding to a cart)."""
        answers = sum(map(len, self.times.values()))
        # The processors were watched through the warm-up too, whose answers were not timed.
        number = self.answers * len(self.times[label]) / answers / 1000
        return Cpu(self.web_cpu / number, self.database_cpu / number, self.generator_cpu / number)

    @property
    def others(self) -> float:
        """The share of the used CPU time that went to processes that are none of ours."""
        ours = self.web_cpu + self.database_cpu + self.generator_cpu
        return self.other_cpu / (ours + self.other_cpu)

    def rate(self, label: str) -> float:
        """Requests a second with this label."""
        return len(self.times.get(label, ())) / self.seconds if self.seconds else 0.0

    def percentile(self, label: str, percent: float) -> float:
        """The time in milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.times.get(label, ()))
        if not ordered:
            return 0.0
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


def run_load(
    *, port: int, gunicorn_pid: int, scripts: Sequence[Script], warm_up: float, seconds: float
) -> Load:
    """Load a server with one client for each script; raises `LoadFailed` for any answer not 2xx."""
    before = processes.read_cpu(gunicorn_pid)
    result = _generate(
        {"port": port, "scripts": scripts, "warm_up": warm_up, "seconds": seconds},
        time_limit=warm_up + seconds + 60,
    )
    used = processes.read_cpu(gunicorn_pid).since(before)
    load = Load(
        seconds=result["seconds"],
        times=result["times"],
        statuses=Counter(result["statuses"]),
        answers=result["answers"],
        web_cpu=used.web,
        database_cpu=used.database,
        generator_cpu=result["cpu"],
        other_cpu=max(0.0, used.machine - used.web - used.database - result["cpu"]),
    )
    if result["samples"] or not load.times:
        raise LoadFailed(f"{dict(load.statuses)}\n" + "\n".join(result["samples"].values()))
    return load


def run_once(*, port: int, scripts: Sequence[Script]) -> Counter[str]:
    """Let every client send its one request at the same moment; return the statuses."""
    plan = {"port": port, "scripts": scripts, "once": True}
    counted: Counter[str] = Counter()
    for name, number in _generate(plan, time_limit=60)["statuses"].items():
        counted[name.rpartition(" ")[2]] += number
    return counted


def _generate(plan: dict[str, object], *, time_limit: float) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.generator"],
        cwd=ROOT,
        input=json.dumps(plan).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=time_limit,
    )
    return json.loads(done.stdout)
