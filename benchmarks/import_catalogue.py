"""`python -m benchmarks.import_catalogue [FILE]`: how fast a catalogue comes in, in what memory.

Imports the file into an empty database and again, then the same rows several times over under
made-up ISBNs: if the peak of memory stays where it was, it does not depend on the file. Without
FILE the titles are made of the demo's. Exits with 1 when counts do not add up or a second run
changes anything.
"""

import argparse
import gzip
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stdnum import ean

from benchmarks import titles
from benchmarks.children import run_command
from benchmarks.environment import bench_environment, empty_database
from benchmarks.report import table
from catalog.services.imports.files import BookFile

DATABASE = "bookstore_bench_import"


@dataclass(frozen=True)
class Result:
    """One import in a process of its own, its start included.

    `cpu` are seconds of that process alone (busy neighbours stretch `seconds`), `peak` is its
    largest resident memory in MiB.
    """

    name: str
    seconds: float
    cpu: float
    peak: float
    counts: dict[str, int]

    @property
    def adds_up(self) -> bool:
        """Whether every row read ended in exactly one way."""
        ends = ("imported", "updated", "unchanged", "rejected")
        return self.counts["read"] == sum(self.counts[end] for end in ends)

    def row(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        rate = self.counts["read"] / self.seconds
        figures = (f"{self.seconds:.1f}", f"{self.cpu:.1f}", f"{rate:,.0f}", f"{self.peak:.0f}")
        return (self.name, *(f"{number:,}" for number in self.counts.values()), *figures)


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_catalogue")
    parser.add_argument("file", type=Path, nargs="?", help="what import_books reads")
    parser.add_argument("--times", type=int, default=4, help="the larger file (default 4)")
    arguments = parser.parse_args()
    with bench_environment() as environment, tempfile.TemporaryDirectory() as folder:
        file = arguments.file.resolve() if arguments.file else _demo_titles(Path(folder))
        larger = Path(folder) / "larger.jsonl.gz"
        _write_larger(file, larger, arguments.times)
        with empty_database(environment, DATABASE) as own:
            results = [
                import_in_a_process(own, file, "empty database"),
                import_in_a_process(own, file, "again"),
            ]
        with empty_database(environment, DATABASE) as own:
            results.append(import_in_a_process(own, larger, f"{arguments.times} times the rows"))
    head = (
        "",
        "read",
        "imported",
        "updated",
        "unchanged",
        "rejected",
        "seconds",
        "CPU s",
        "rows/s",
    )
    print(table((*head, "peak MiB"), [result.row() for result in results]))
    again = results[1].counts
    is_right = all(result.adds_up for result in results)
    return 0 if is_right and again["imported"] == again["updated"] == 0 else 1


def import_in_a_process(environment: dict[str, str], file: Path, name: str) -> Result:
    """Import a file as `import_books` does and return how that went."""
    child = run_command(environment, "import_books", str(file))
    lines = map(str.split, child.said[:5])
    counts = {name: int(number.replace(",", "")) for name, number in lines}
    return Result(name, child.seconds, child.cpu, child.peak, counts)


def _demo_titles(folder: Path) -> Path:
    path = folder / "titles.jsonl"
    titles.write_titles(path, 15_000)
    return path


def _write_larger(file: Path, larger: Path, times: int) -> None:
    """Write each row with an ISBN `times` times, under ISBNs that nobody else has."""
    with file.open("rb") as raw, gzip.open(larger, "wt", 1, encoding="utf-8") as out:
        books = BookFile(raw)
        for number in range(times):
            for place, row in enumerate(books.rows()):
                body = f"979{number * 10_000_000 + place:09d}"
                isbn = {"isbn13": body + ean.calc_check_digit(body)}
                out.write(json.dumps((row.fields or {}) | isbn) + "\n")


if __name__ == "__main__":
    sys.exit(main())
