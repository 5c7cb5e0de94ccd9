"""Bring in books from a file."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from catalog.enums import ImportFormat, ImportState
from catalog.errors import ImportUnderWay
from catalog.models import ImportRun
from catalog.services.imports import report, runs
from catalog.services.imports.files import BookFile
from catalog.services.imports.rejections import FileRefused

# Of our own files; other collections that are known have names of their own.
FIELDS = (
    "isbn13 (or isbn10), title, subtitle, authors (or contributors), publisher, published_on, "
    "language, format, pages, price, genres (slugs), series, series_number, description, work, "
    "first_published"
)


class Command(BaseCommand):
    """Prints counts that add up; rejected rows go to the report with line, ISBN and reason.

    Ctrl-C, or the end of the process in any other way, leaves a run that the next call with the
    same file goes on with.
    """

    help = (
        "Import books from JSON lines, CSV, XLSX or ONIX (.gz too). Known by ISBN: safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and how to treat it."""
        parser.add_argument(
            "file",
            type=Path,
            help=f"a book per line with an ISBN, a title and any of these: {FIELDS}. In CSV and "
            "XLSX, several names or genres stand with ; between them. What a row leaves out stays "
            "as it is.",
        )
        parser.add_argument(
            "--format", choices=ImportFormat.values, help="told by what is in the file otherwise"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen only")
        parser.add_argument("--fill-gaps", action="store_true", help="keep facts that are there")
        parser.add_argument("--report", type=Path, help="CSV file for the rejected rows")
        parser.add_argument("--batch-size", type=_positive, default=runs.BATCH)
        again = parser.add_mutually_exclusive_group()
        again.add_argument("--resume", action="store_true", help="only go on with a stopped run")
        again.add_argument("--restart", action="store_true", help="begin a stopped run again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import and print its counts."""
        try:
            with options["file"].open("rb") as file:
                self._import(file, options)
        except FileRefused as refusal:
            raise CommandError(f"The file could not be read: {refusal.message}") from refusal
        except OSError as error:
            raise CommandError(f"The file could not be read: {error}") from error
        except ImportUnderWay:
            raise CommandError("Another process is importing this file right now.") from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on from here.") from None

    def _import(self, file: BinaryIO, options: dict[str, Any]) -> None:
        run = self._run_of(file, options)
        began, before = time.monotonic(), run.rows_done
        try:
            self._go_through(run, file, options["batch_size"])
            run.refresh_from_db()
            if options["report"]:
                with options["report"].open("wb") as told:
                    told.writelines(report.rejections_as_csv(run.rejections.all()))
        finally:
            if options["dry_run"]:
                run.delete()
        rate = (run.rows_done - before) / max(time.monotonic() - began, 0.001)
        counts = report.Report.of_counts(run.counts)
        self._print(counts, dry_run=options["dry_run"])
        self.stderr.write(f"{rate:,.0f} rows a second")
        if counts.rejected and not options["report"]:
            self.stdout.write("With --report FILE.csv each rejected row is named with its reason.")

    def _run_of(self, file: BinaryIO, options: dict[str, Any]) -> ImportRun:
        BookFile(file, options["format"])  # refuses what nobody can read before it is summed up
        stopped = runs.stopped_run_of(file=file, fills_gaps_only=options["fill_gaps"])
        if options["resume"] and stopped is None:
            raise CommandError("No import of this file was stopped.")
        if stopped and not options["dry_run"] and not options["restart"]:
            self.stdout.write(f"Going on after row {stopped.rows_done:,}.")
            return stopped
        if stopped and options["restart"]:
            runs.abandon(run_id=stopped.pk)
        return runs.register_file(
            file=file,
            filename=options["file"].name,
            actor_id=None,
            state=ImportState.CHECKING if options["dry_run"] else ImportState.APPLYING,
            file_format=options["format"],
            fills_gaps_only=options["fill_gaps"],
        )

    def _go_through(self, run: ImportRun, file: BinaryIO, batch_size: int) -> None:
        with tqdm(
            total=run.size,
            initial=run.bytes_done,
            unit="B",
            unit_scale=True,
            disable=not sys.stderr.isatty(),
        ) as bar:

            def show(after: ImportRun) -> None:
                bar.update(after.bytes_done - bar.n)
                bar.set_postfix(rows=f"{after.rows_done:,}", rejected=after.counts["rejected"])

            runs.go_through(run_id=run.pk, file=file, batch_size=batch_size, on_batch=show)

    def _print(self, counts: report.Report, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write("Dry run: nothing was kept.")
        for name in ("read", "imported", "updated", "unchanged", "rejected"):
            self.stdout.write(f"{name:9} {getattr(counts, name):>9,}")
        for title, codes in (("Rejected", counts.reasons), ("Repaired", counts.repairs)):
            for code, number in sorted(codes.items(), key=lambda item: (-item[1], item[0])):
                self.stdout.write(f"{title}: {code} {number:,}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
