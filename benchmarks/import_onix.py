"""`python -m benchmarks.import_onix [FILE]`: how many products of an ONIX feed come in a second.

Writes a feed of `--products` products made of the titles of FILE (JSON lines; without it, titles
made of the demo's), then parses it with nothing but lxml, reads it as the importer does without a
database, imports it into an empty database and imports it again. Exits with 1 when a product is
lost or a second import changes anything; never because of speed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
import psutil
import psycopg
from lxml import etree

from benchmarks import titles
from benchmarks.environment import bench_environment, empty_database
from benchmarks.import_catalogue import Result, import_in_a_process
from benchmarks.onix_feed import write_feed
from benchmarks.report import table

DATABASE = "bookstore_bench_onix"
HEAD = (
    "",
    "products",
    "seconds",
    "products/s",
    "CPU s",
    "database CPU s",
    "CPU allows/s",
    "peak MiB",
)


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_onix")
    said = "books as JSON lines with the keys of the demo's"
    parser.add_argument("file", type=Path, nargs="?", help=said)
    parser.add_argument("--products", type=int, default=50_000)
    arguments = parser.parse_args()
    with bench_environment() as environment, tempfile.TemporaryDirectory() as folder:
        books, feed = Path(folder) / "books.jsonl", Path(folder) / "feed.xml"
        if arguments.file:
            books.write_bytes(arguments.file.read_bytes())
        else:
            titles.write_titles(books, arguments.products)
        count = write_feed(books, feed)
        size = feed.stat().st_size / 1e6
        print(f"{count:,} products, {size:,.0f} MB, {size * 1_000 / count:.1f} kB each\n")
        os.environ.update(environment)
        django.setup()
        rows = [
            _timed("bare lxml", _parse, feed, count),
            _timed("read, without a database", _read, feed, count),
        ]
        with empty_database(environment, DATABASE) as own:
            imported = _import(own, feed, "imported")
            again = _import(own, feed, "once more, nothing new")
    print(table(HEAD, [*rows, _row(*imported), _row(*again)]))
    is_whole = imported[0].counts["imported"] == again[0].counts["unchanged"] == count
    return 0 if is_whole else 1


def _timed(name: str, work: Callable[[Path], int], feed: Path, count: int) -> tuple[str, ...]:
    started, cpu = time.perf_counter(), time.process_time()
    if work(feed) != count:
        sys.exit(f"{name}: products are missing")
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return _cells(name, count, seconds, (cpu, 0), "")


def _import(environment: dict[str, str], feed: Path, name: str) -> tuple[Result, float]:
    before = _database_seconds(environment)
    result = import_in_a_process(environment, feed, name)
    return result, _database_seconds(environment) - before


def _database_seconds(environment: dict[str, str]) -> float:
    """Return the CPU seconds of the server's connections that have ended."""
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid', 0, 20)").fetchone()
    times = psutil.Process(int(str(row and row[0]).split()[0])).cpu_times()
    return times.children_user + times.children_system


def _row(result: Result, database: float) -> tuple[str, ...]:
    peak = f"{result.peak:.0f}"
    cpu = (result.cpu, database)
    return _cells(result.name, result.counts["read"], result.seconds, cpu, peak)


def _cells(
    name: str, count: int, seconds: float, cpu: tuple[float, float], peak: str
) -> tuple[str, ...]:
    """Return a row of the table; the process and the database each may have a CPU of their own."""
    own, database = cpu
    rates = (f"{count / seconds:,.0f}", f"{own:.1f}", f"{database:.1f}")
    return (name, f"{count:,}", f"{seconds:.1f}", *rates, f"{count / max(cpu):,.0f}", peak)


def _parse(feed: Path) -> int:
    count = 0
    for _event, element in etree.iterparse(feed, tag="{*}Product", resolve_entities=False):
        count += 1
        element.clear(keep_tail=True)
        while element.getprevious() is not None:
            del element.getparent()[0]
    return count


def _read(feed: Path) -> int:
    from catalog.services.imports import records  # noqa: PLC0415  # its models want the settings
    from catalog.services.imports.onix.products import read_onix  # noqa: PLC0415

    with feed.open("rb") as file:
        return sum(1 for row in read_onix(file) if records.record_of(row.fields or {}))


if __name__ == "__main__":
    sys.exit(main())
