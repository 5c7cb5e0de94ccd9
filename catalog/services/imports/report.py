"""What became of each row: counts that add up, and every rejection with its reason."""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TextIO

from catalog.services.imports.rejections import Rejection
from core import spreadsheets


@dataclass
class Report:
    """Counts of one run; imported + updated + unchanged + rejected = read.

    `on_rejection` hears of each rejected row at once, so that none is kept in memory.
    """

    on_rejection: Callable[[Rejection], None] = lambda rejection: None
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """How many rows the file had, as far as it was read."""
        return self.imported + self.updated + self.unchanged + self.rejected

    def count(self, outcome: Literal["imported", "updated", "unchanged"]) -> None:
        """Count a row that was not rejected."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def reject(self, rejection: Rejection) -> None:
        """Count a rejected row and tell of it."""
        self.rejected += 1
        self.reasons[rejection.code] += 1
        self.on_rejection(rejection)


def rejections_to_csv(file: TextIO) -> Callable[[Rejection], None]:
    """Write the header of a report of rejected rows; return what writes one of them."""
    writer = csv.writer(file)
    writer.writerow(Rejection._fields)

    def write(rejection: Rejection) -> None:
        writer.writerow([rejection.row, *map(spreadsheets.harmless, rejection[1:])])

    return write
