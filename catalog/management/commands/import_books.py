"""Bring in books from a file."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.enums import ImportFormat
from catalog.services.imports import report, runs
from catalog.services.imports.rejections import FileRefused

# Of our own files; other collections that are known have names of their own.
FIELDS = (
    "isbn13 (or isbn10), title, subtitle, authors (or contributors), publisher, published_on, "
    "language, format, pages, price, genres (slugs), series, series_number, description, work, "
    "first_published"
)


class Command(BaseCommand):
    """Prints counts that add up; rejected rows go to the report with line, ISBN and reason."""

    help = "Import books from JSON lines or CSV (.gz too). Known by ISBN: safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and how to treat it."""
        parser.add_argument(
            "file",
            type=Path,
            help=f"a book per line with an ISBN, a title and any of these: {FIELDS}. In CSV, "
            "several names or genres stand with ; between them. What a row leaves out stays as "
            "it is.",
        )
        parser.add_argument(
            "--format", choices=ImportFormat.values, help="told by what is in the file otherwise"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen only")
        parser.add_argument("--report", type=Path, help="CSV file for the rejected rows")
        parser.add_argument("--batch-size", type=_positive, default=runs.BATCH)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import and print its counts."""
        path: Path = options["file"]
        with ExitStack() as stack:
            hearing: dict[str, Any] = {}
            try:
                if options["report"]:
                    file = stack.enter_context(
                        options["report"].open("w", newline="", encoding="utf-8")
                    )
                    hearing["on_rejection"] = report.rejections_to_csv(file)
                counts = runs.import_file(
                    path=path,
                    file_format=options["format"],
                    actor_id=None,
                    dry_run=options["dry_run"],
                    batch_size=options["batch_size"],
                    **hearing,
                )
            except FileRefused as refusal:
                raise CommandError(f"The file could not be read: {refusal.message}") from refusal
            except OSError as error:
                raise CommandError(f"The file could not be read: {error}") from error
        self._print(counts, dry_run=options["dry_run"])
        if counts.rejected and not options["report"]:
            self.stdout.write("With --report FILE.csv each rejected row is named with its reason.")

    def _print(self, counts: report.Report, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write("Dry run: nothing was kept.")
        for name in ("read", "imported", "updated", "unchanged", "rejected"):
            self.stdout.write(f"{name:9} {getattr(counts, name):>9,}")
        for title, codes in (("Rejected", counts.reasons), ("Repaired", counts.repairs)):
            for code, number in codes.most_common():
                self.stdout.write(f"{title}: {code} {number:,}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
