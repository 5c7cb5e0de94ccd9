"""What must always hold, as SQL that finds every row that breaks it.

Each app registers its own in `apps.ready`; `manage.py check_invariants` runs them all.
"""

from dataclasses import dataclass

from django.db import connection

SHOWN = 20


@dataclass(frozen=True)
class Invariant:
    """A promise and the query whose rows are its breaches."""

    name: str
    promise: str
    breaches_sql: str


@dataclass(frozen=True)
class Verdict:
    """How a check ended: no breaches, or the first few of them."""

    invariant: Invariant
    breaches: list[tuple[object, ...]]


_registered: dict[str, Invariant] = {}


def register(name: str, promise: str, breaches_sql: str) -> None:
    """Add an invariant; `breaches_sql` selects one row for each breach and nothing when clean."""
    _registered[name] = Invariant(name, promise, breaches_sql)


def check_all() -> list[Verdict]:
    """Run every registered invariant: one statement each, constant memory."""
    return [Verdict(invariant, _breaches(invariant)) for invariant in _registered.values()]


def _breaches(invariant: Invariant) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({invariant.breaches_sql}) AS breaches LIMIT {SHOWN}")
        return list(cursor.fetchall())
