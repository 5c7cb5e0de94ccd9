"""Say which genres the subject codes of feeds lead to."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.enums import SubjectScheme
from catalog.services import genre_codes
from catalog.services.genre_codes import Loaded, SchemeCode
from core.errors import DomainError, Invalid

COLUMNS = ["scheme", "code", "genre"]


class Command(BaseCommand):
    """Three ways: the codes we ship, a mapping of the shop's own, or a tree made of Thema."""

    help = (
        "Load subject codes: without a file those that come with the shop; from a CSV (scheme, "
        "code, genre: its address); or with --tree from EDItEUR's Thema JSON, making a genre of "
        "each code down to that depth. .gz too; safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how deep a tree to make of it."""
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--tree", type=int, choices=range(1, 6), metavar="DEPTH (1-5)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and tell how many."""
        path, depth = options["file"], options["tree"]
        try:
            loaded = _load(path, depth)
        except DomainError as refusal:
            sentences = refusal.data.get("fields", {}).get("file", [refusal.message])
            raise CommandError(" ".join(sentences)) from None
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{path} cannot be read: {error}") from None
        self.stdout.write(
            f"{loaded.added} codes added, {loaded.changed} changed, {loaded.kept} kept, "
            f"{loaded.genres} genres made."
        )


def _load(path: Path | None, depth: int | None) -> Loaded:
    if path is None:
        return genre_codes.load_defaults(actor_id=None)
    with _opened(path) as file:
        if depth is None:
            return genre_codes.load_mapping(rows=_rows(file), actor_id=None)
        return genre_codes.make_tree(
            scheme=SubjectScheme.THEMA, codes=_thema(file), depth=depth, actor_id=None
        )


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig", newline="")


def _rows(file: IO[str]) -> Iterator[tuple[str, str, str]]:
    reader = csv.DictReader(file)
    if reader.fieldnames is None or not set(COLUMNS) <= set(reader.fieldnames):
        raise Invalid(fields={"file": [f"The first line must name {', '.join(COLUMNS)}."]})
    for row in reader:
        yield row["scheme"] or "", row["code"] or "", row["genre"] or ""


def _thema(file: IO[str]) -> list[SchemeCode]:
    try:
        listed = json.load(file)["CodeList"]["ThemaCodes"]["Code"]
        # Codes of digits only come as numbers.
        return [
            SchemeCode(
                str(each["CodeValue"]), str(each["CodeDescription"]), str(each["CodeParent"])
            )
            for each in listed
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Invalid(fields={"file": ["This is not EDItEUR's list of Thema codes."]}) from None
