"""`python -m benchmarks.import_million [--rows N] FILE`: a huge import, killed and gone on with.

Makes N records with ISBNs of their own out of the real titles of FILE, imports them into an empty
database, kills the process (SIGKILL) half-way and starts the same command again. Prints rows a
second and the memory of the process over time. Exits with 1 when a book is missing or doubled, when
memory grew, or when an invariant does not hold.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from stdnum import ean

from benchmarks.environment import ROOT, bench_environment, empty_database, manage
from benchmarks.report import table
from catalog.services.imports.files import BookFile

DATABASE = "bookstore_bench_million"
# The first tenth of a leg fills caches; from then on memory may not grow by more.
MOST_GROWTH = 1.2
FEW = 30  # seconds, in which nothing of the kind can be told
_COUNTS = {
    "books": "SELECT count(*) FROM catalog_book",
    "distinct ISBNs": "SELECT count(DISTINCT isbn13) FROM catalog_book",
    "works": "SELECT count(*) FROM catalog_work",
    "search documents": "SELECT count(*) FROM catalog_booksearchdocument",
    "books in the audit trail": "SELECT count(*) FROM core_auditentry,"
    " jsonb_array_elements(new_value->'book_ids') WHERE action = 'catalogue.imported'",
    "distinct of them": "SELECT count(DISTINCT made.book) FROM core_auditentry,"
    " jsonb_array_elements(new_value->'book_ids') AS made(book)"
    " WHERE action = 'catalogue.imported'",
}


@dataclass
class Leg:
    """One process: rows before and after it, how long it ran, its memory (seconds, rows, MiB)."""

    name: str
    before: int = 0
    after: int = 0
    seconds: float = 0.0
    samples: list[tuple[float, int, float]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Rows a second, the start and the way to the place in the file included."""
        return (self.after - self.before) / self.seconds

    def growth(self) -> float:
        """Return the most memory of the last half beside the most of the first, starts aside."""
        sizes = [size for _at, _rows, size in self.samples]
        if len(sizes) < FEW:
            return 1.0
        sizes = sizes[len(sizes) // 10 :]
        return max(sizes[len(sizes) // 2 :]) / max(sizes[: len(sizes) // 2])

    def row(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        peak = max(size for _at, _rows, size in self.samples)
        figures = (f"{self.seconds:.0f}", f"{self.rate:,.0f}", f"{peak:.0f}")
        return (self.name, f"{self.before:,}", f"{self.after:,}", *figures)


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_million")
    parser.add_argument("file", type=Path, help="what import_books reads")
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with (
        bench_environment() as environment,
        tempfile.TemporaryDirectory() as folder,
        empty_database(environment, DATABASE) as own,
    ):
        file = Path(folder) / "million.jsonl"
        _write_records(arguments.file.resolve(), file, arguments.rows)
        print(f"{arguments.rows:,} records, {file.stat().st_size / 1e6:,.0f} MB", flush=True)
        legs = [_leg(own, file, "killed half-way", kill_at=arguments.rows // 2)]
        legs.append(_leg(own, file, "gone on with", kill_at=None))
        is_right = _tell(own, legs, arguments.rows)
        manage(own, "check_invariants")
    return 0 if is_right else 1


def _write_records(titles: Path, file: Path, rows: int) -> None:
    with titles.open("rb") as raw, file.open("w", encoding="utf-8") as out:
        known = [row.fields for row in BookFile(raw).rows() if row.fields]
        for number, fields in zip(range(rows), itertools.cycle(known), strict=False):
            body = f"979{number:09d}"
            isbn = {"isbn13": body + ean.calc_check_digit(body), "isbn10": None}
            out.write(json.dumps(fields | isbn, ensure_ascii=False) + "\n")


def _leg(environment: dict[str, str], file: Path, name: str, *, kill_at: int | None) -> Leg:
    command = [sys.executable, "manage.py", "import_books", str(file)]
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        leg = Leg(name, before=_rows_done(connection))
        began = time.monotonic()
        with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
            for at in _seconds(process):
                done = _rows_done(connection)
                leg.samples.append((at, done, _resident(process.pid)))
                if kill_at is not None and done >= kill_at:
                    process.kill()
                    break
        leg.seconds = time.monotonic() - began
        leg.after = _rows_done(connection)
    if kill_at is None and process.returncode:
        sys.exit(f"import_books ended with {process.returncode}")
    return leg


def _seconds(process: "subprocess.Popen[bytes]") -> Iterator[float]:
    began = time.monotonic()
    while process.poll() is None:
        yield time.monotonic() - began
        time.sleep(1)


def _rows_done(connection: "psycopg.Connection[tuple[int]]") -> int:
    row = connection.execute("SELECT coalesce(max(rows_done), 0) FROM catalog_importrun").fetchone()
    return row[0] if row else 0


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _tell(environment: dict[str, str], legs: list[Leg], rows: int) -> bool:
    head = ("", "from row", "to row", "seconds", "rows/s", "peak MiB")
    print(table(head, [leg.row() for leg in legs]))
    for leg in legs:
        marks = leg.samples[:: max(1, len(leg.samples) // 12)]
        print(f"\n{leg.name}: memory in the last half {leg.growth():.2f} times the first")
        cells = [(f"{at:.0f}", f"{done:,}", f"{size:.0f}") for at, done, size in marks]
        print(table(("second", "rows", "MiB"), cells))
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        counts = {name: connection.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()}
        found = connection.execute("SELECT state, rows_done, counts FROM catalog_importrun")
        runs = [(state, done, said["imported"]) for state, done, said in found]
    print(f"\n{runs=}", *(f"{name}: {count:,}" for name, count in counts.items()), sep="\n")
    return (
        runs == [("DONE", rows, rows)]
        and set(counts.values()) == {rows}
        and all(leg.growth() < MOST_GROWTH for leg in legs)
    )


if __name__ == "__main__":
    sys.exit(main())
