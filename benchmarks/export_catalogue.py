"""`python -m benchmarks.export_catalogue`: how fast the catalogue goes out, in what memory.

Exports a tenth of the books and all of them, in each format: if the peak of memory stays where it
was, it does not depend on the catalogue. Exits with 1 when a file misses a book.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import django

from benchmarks.children import run_command
from benchmarks.environment import bench_environment
from benchmarks.report import table

DATABASE = "bookstore_bench_export"
GENRE_OF_A_TENTH = "bench-tenth"
HEAD = ("", "books", "seconds", "CPU s", "books/CPU s", "peak MiB", "file MB")


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export_catalogue")
    parser.add_argument("--rows", type=int, default=100_000, help="titles (default 100000)")
    arguments = parser.parse_args()
    with bench_environment(DATABASE) as environment, tempfile.TemporaryDirectory() as folder:
        django.setup()
        from benchmarks.dataset import ensure_dataset  # noqa: PLC0415 - needs the settings
        from catalog.services.exports import files  # noqa: PLC0415

        known = ensure_dataset(environment, file=None, count=arguments.rows)
        tenth = _mark_a_tenth()
        rows, is_whole = [], True
        for file_format in files.FORMATS:
            for number, options in ((tenth, ["--genre", GENRE_OF_A_TENTH]), (known, [])):
                path = Path(folder) / f"books.{file_format}"
                child = run_command(
                    environment, "export_books", str(path), f"--format={file_format}", *options
                )
                written = int(child.said[-1].split()[0].replace(",", ""))
                is_whole = is_whole and written == number
                figures = (
                    f"{child.seconds:.1f}",
                    f"{child.cpu:.1f}",
                    f"{written / child.cpu:,.0f}",
                )
                size = f"{path.stat().st_size / 1e6:.1f}"
                rows.append((file_format, f"{written:,}", *figures, f"{child.peak:.0f}", size))
    print(table(HEAD, rows))
    return 0 if is_whole else 1


def _mark_a_tenth() -> int:
    """Put every tenth book into a genre of its own; return how many these are."""
    from catalog.models import Book, BookGenre, Genre  # noqa: PLC0415 - needs the settings

    genre, _is_new = Genre.objects.get_or_create(
        slug=GENRE_OF_A_TENTH, defaults={"name": "A tenth"}
    )
    ids = Book.objects.order_by("pk").values_list("pk", flat=True)[::10]
    links = [BookGenre(book_id=pk, genre=genre) for pk in ids]
    BookGenre.objects.bulk_create(links, ignore_conflicts=True)
    return len(links)


if __name__ == "__main__":
    sys.exit(main())
