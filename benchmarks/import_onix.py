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
from lxml import etree

from benchmarks import titles
from benchmarks.environment import bench_environment, empty_database
from benchmarks.import_catalogue import Result, import_in_a_process
from benchmarks.onix_feed import write_feed
from benchmarks.report import table

DATABASE = "bookstore_bench_onix"
HEAD = ("", "products", "seconds", "CPU s", "products/s", "per CPU second", "MB/s", "peak MiB")


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_onix")
    parser.add_argument("file", type=Path, nargs="?", help="books as JSON lines")
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
            imported = import_in_a_process(own, feed, "imported")
            again = import_in_a_process(own, feed, "once more, nothing new")
    print(table(HEAD, [*rows, _row(imported, size), _row(again, size)]))
    is_whole = imported.counts["imported"] == again.counts["unchanged"] == count
    return 0 if is_whole else 1


def _timed(name: str, work: Callable[[Path], int], feed: Path, count: int) -> tuple[str, ...]:
    started, cpu = time.perf_counter(), time.process_time()
    if work(feed) != count:
        sys.exit(f"{name}: products are missing")
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    size = feed.stat().st_size / 1e6
    figures = (f"{seconds:.1f}", f"{cpu:.1f}", f"{count / seconds:,.0f}", f"{count / cpu:,.0f}")
    return (name, f"{count:,}", *figures, f"{size / seconds:.1f}", "")


def _row(result: Result, size: float) -> tuple[str, ...]:
    count = result.counts["read"]
    rates = (count / result.seconds, count / result.cpu)
    figures = (f"{result.seconds:.1f}", f"{result.cpu:.1f}", *(f"{rate:,.0f}" for rate in rates))
    return (
        result.name,
        f"{count:,}",
        *figures,
        f"{size / result.seconds:.1f}",
        f"{result.peak:.0f}",
    )


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
