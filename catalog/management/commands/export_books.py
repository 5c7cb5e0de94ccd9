"""Put the catalogue into a file."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from catalog.selectors import exports
from catalog.services.exports import files
from core.errors import DomainError


class Command(BaseCommand):
    """Writes beside the place and moves there what is whole; prints how many books it has."""

    help = "Export books as CSV, XLSX, JSON lines or ONIX for Books 3.0; .gz packs it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and which books go into it."""
        parser.add_argument("file", type=Path, help="replaced when it is there")
        parser.add_argument(
            "--format", choices=files.FORMATS, help="told by the file's name otherwise"
        )
        parser.add_argument(
            "--changed-since", metavar="DATE", help="2026-11-01 or 2026-11-01T18:00, shop's time"
        )
        parser.add_argument("--genre", default="", help="its address or id; with those below it")
        parser.add_argument("--in-stock", action="store_true", help="only what a branch has")
        parser.add_argument(
            "--with-withdrawn",
            action="store_true",
            help="ONIX only: tell of withdrawn books that they are to be deleted",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        path: Path = options["file"]
        file_format = options["format"] or files.format_of(path)
        if file_format is None:
            names = ", ".join(files.FORMATS)
            raise CommandError(f"The file's name tells no format: give --format ({names}).")
        if options["with_withdrawn"] and file_format != "onix":
            raise CommandError("Only ONIX can tell that a book was withdrawn.")
        selection = exports.Selection(
            changed_since=_instant(options["changed_since"]),
            genre=options["genre"],
            in_stock_only=options["in_stock"],
            with_withdrawn=options["with_withdrawn"],
        )
        try:
            books = exports.books_of(selection)
            with tqdm(total=books.count(), unit="books", file=self.stderr, disable=None) as bar:
                written = files.write_file(
                    path=path, books=books, file_format=file_format, on_batch=bar.update
                )
        except OSError as error:
            raise CommandError(f"The file could not be written: {error}") from error
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{written:,} books written to {path}")


def _instant(text: str | None) -> dt.datetime | None:
    if not text:
        return None
    try:
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None:
        raise CommandError(f"{text} is no date: write 2026-11-01 or 2026-11-01T18:00.")
    return instant if timezone.is_aware(instant) else timezone.make_aware(instant)
