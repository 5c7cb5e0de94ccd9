"""What was measured, as a table for people and as JSON for comparisons."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.breakdown import Breakdown
from benchmarks.loads import Cpu


@dataclass(frozen=True)
class Figure:
    """One scenario: its rate and times, the bare view's rate in between, what one of it costs.

    `p50` … are milliseconds. The CPU time of a whole checkout is that of its four requests.
    `others` is the share of the used CPU time that was none of ours.
    """

    name: str
    title: str
    rate: float
    bare_rate: float
    p50: float
    p95: float
    p99: float
    counted: int
    cpu: Cpu
    bare_cpu: Cpu
    others: float
    target: float | None

    @property
    def possible(self) -> float:
        """The rate at which this CPU time would fill all cores: what a quiet machine comes near."""
        return (os.cpu_count() or 1) * 1000 / self.cpu.total


@dataclass
class Report:
    """One run."""

    titles: int
    clients: int
    figures: list[Figure] = field(default_factory=list)
    breakdowns: dict[str, Breakdown] = field(default_factory=dict)
    service: dict[str, float] = field(default_factory=dict)
    race: dict[str, int] = field(default_factory=dict)

    def write(self, directory: Path) -> Path:
        """Write the run as JSON; return the path."""
        now = datetime.now(UTC)
        path = directory / f"bench-{now:%Y%m%d-%H%M%S}.json"
        content = asdict(self) | {
            "measured_at": now.isoformat(timespec="seconds"),
            "machine": {
                "cores": os.cpu_count(),
                "python": platform.python_version(),
                "system": platform.platform(),
            },
        }
        path.write_text(json.dumps(content, indent=1))
        return path

    def text(self) -> str:
        """Return the tables."""
        machine = f"{os.cpu_count()} cores for load generator, web server and database together"
        parts = [f"{self.titles:,} titles, {self.clients} clients, {machine}"]
        if self.figures:
            parts.append(self._rates())
        if self.breakdowns:
            parts.append(self._parts())
        if self.service:
            parts.append(
                "check_out in process, {processes:.0f} processes x {threads:.0f} threads: "
                "{rate:.0f} orders/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms".format(**self.service)
            )
        if self.race:
            answers = ", ".join(f"{number} x {status}" for status, number in self.race.items())
            parts.append(f"one copy, {sum(self.race.values())} buyers at once: {answers}")
        return "\n\n".join(parts)

    def _rates(self) -> str:
        rows = [
            (
                figure.title,
                f"{figure.rate:,.0f}",
                "" if figure.target is None else f"{figure.target:,.0f}",
                f"{figure.p50:.1f}",
                f"{figure.p95:.1f}",
                f"{figure.p99:.1f}",
                f"{figure.bare_rate:,.0f}",
                f"{figure.cpu.web:.2f}",
                f"{figure.cpu.database:.2f}",
                f"{figure.cpu.generator:.2f}",
                f"{figure.cpu.total / figure.bare_cpu.total:.1f}",
                f"{figure.others:.0%}",
                f"{figure.possible:,.0f}",
            )
            for figure in self.figures
        ]
        rate = ("", "/s", "goal", "p50 ms", "p95 ms", "p99 ms", "bare /s")
        cpu = ("web CPU ms", "db CPU ms", "client CPU ms", "x bare", "others", "CPU allows /s")
        return table((*rate, *cpu), rows)

    def _parts(self) -> str:
        rows = [
            (
                name,
                str(part.statements),
                f"{part.total:.2f}",
                f"{part.database:.2f}",
                f"{part.template:.2f}",
                f"{part.python:.2f}",
            )
            for name, part in self.breakdowns.items()
        ]
        head = ("one request, in process", "statements", "total ms", "database", "template")
        return table((*head, "other Python"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns line up in a terminal too."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = ["| " + " | ".join(_cells(row, widths)) + " |" for row in (head, *rows)]
    rule = "|" + "|".join(
        "-" * (width + 2) if place == 0 else "-" * (width + 1) + ":"
        for place, width in enumerate(widths)
    )
    return "\n".join([lines[0], rule + "|", *lines[1:]])


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
