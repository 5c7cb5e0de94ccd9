"""What became of each row: counts that add up, and every rejection with its reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from django.db.models import QuerySet

from catalog.models import ImportRejection
from catalog.services.imports.rejections import Rejection
from core import tables

AT_ONCE = 1_000
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


def rejections_as_csv(rejections: QuerySet[ImportRejection]) -> Iterator[bytes]:
    """Yield rejected rows as a file for spreadsheets, in which they find nothing to run.

    Reads a thousand at a time and holds no transaction.
    """
    sink = tables.Sink()
    with tables.csv_table(sink, Rejection._fields) as put:
        last = -1
        while found := list(rejections.filter(row__gt=last).order_by("row")[:AT_ONCE]):
            put([each.row, each.isbn, each.code, each.reason] for each in found)
            yield sink.take()
            last = found[-1].row
    yield sink.take()
