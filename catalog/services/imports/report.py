"""What became of each row: counts that add up, and every rejection with its reason."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TextIO

from catalog.models import ImportRejection
from catalog.services.imports.rejections import Rejection

COUNTS = ("imported", "updated", "unchanged", "rejected")


@dataclass
class Report:
    """Counts of one run; imported + updated + unchanged + rejected = read."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of_counts(cls, counts: dict[str, Any]) -> Self:
        """Return the report that `as_counts` was made of; an empty one for no counts."""
        return cls(
            **{name: counts.get(name, 0) for name in COUNTS},
            reasons=Counter(counts.get("reasons", {})),
            repairs=Counter(counts.get("repairs", {})),
        )

    def as_counts(self) -> dict[str, Any]:
        """Return the counts as JSON has them, to be kept with the run."""
        numbers = {name: getattr(self, name) for name in COUNTS}
        return numbers | {"reasons": dict(self.reasons), "repairs": dict(self.repairs)}

    @property
    def read(self) -> int:
        """How many rows the file had, as far as it was read."""
        return self.imported + self.updated + self.unchanged + self.rejected

    def count(self, outcome: Literal["imported", "updated", "unchanged"]) -> None:
        """Count a row that was not rejected."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def reject(self, code: str) -> None:
        """Count a rejected row."""
        self.rejected += 1
        self.reasons[code] += 1


def write_rejections(rejections: Iterable[ImportRejection], file: TextIO) -> None:
    """Write rejected rows as CSV, in which a spreadsheet finds nothing to run."""
    writer = csv.writer(file)
    writer.writerow(Rejection._fields)
    for each in rejections:
        writer.writerow([each.row, *map(_harmless, (each.isbn, each.code, each.reason))])


def _harmless(cell: str) -> str:
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{cell}" if cell[:1] in tuple("=+-@\t") and cell else cell
