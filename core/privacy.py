"""What the shop holds about people, so that nothing is forgotten when they ask.

Each app declares in `apps.ready`, from its `privacy.py`: what every column of every table is
(`classify`), what an export says (`export`), and what stops, and what happens in, the deletion of
an account (`erasure`). Of libraries' tables whoever uses the library speaks.
`tests/architecture/test_privacy.py` walks the schema: a table or column that nobody declared
fails, as does a personal table without a place in the export.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

USER = "user"


class Fate(StrEnum):
    """What becomes of a table's rows when the person's account is deleted."""

    DELETED = "deleted with the person"
    DETACHED = "kept without the person"
    KEPT = "kept as it is"


@dataclass(frozen=True)
class Table:
    """What a table is to somebody's privacy. Every column is in exactly one of the four sets.

    `personal` columns say something about the person and are exported; `hidden` ones are theirs
    too but prove or open something (hashes, keys) and never leave the shop; `references` are bare
    ids of people, which name nobody once the account is gone; `other` is about no person.
    `whose` is `USER`, another word for people without an account, or empty for nobody's.
    """

    model: str
    why: str
    fate: Fate
    whose: str = ""
    section: str = ""
    unexported: str = ""
    personal: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()

    @property
    def columns(self) -> list[str]:
        """Every column that was declared, one that was declared twice twice."""
        return [*self.personal, *self.hidden, *self.references, *self.other]


type Step = Callable[[uuid.UUID], None]
type Reader = Callable[[uuid.UUID], Iterable[Any]]


@dataclass(frozen=True)
class _Erasure:
    lock: Step | None
    check: Step | None
    erase: Step


@dataclass
class _Registry:
    tables: dict[str, Table] = field(default_factory=dict)
    sections: dict[str, Reader] = field(default_factory=dict)
    erasures: dict[str, _Erasure] = field(default_factory=dict)


_registry = _Registry()


def classify(
    model: str,
    *,
    why: str,
    whose: str = USER,
    fate: Fate = Fate.DELETED,
    section: str = "",
    unexported: str = "",
    **columns: str,
) -> None:
    """Declare a table ("accounts.Address") that says something about people.

    `why` it is held, and kept if it is; `section` of the export that shows it, or why it is
    `unexported`. Columns by kind, as words in one text: `personal="email phone"`.
    """
    sets = {kind: frozenset(names.split()) for kind, names in columns.items()}
    _registry.tables[model] = Table(model, why, fate, whose, section, unexported, **sets)


def classify_impersonal(model: str, *, why: str, other: str = "", references: str = "") -> None:
    """Declare a table that is about nobody; at most it names who did something, by id."""
    _registry.tables[model] = Table(
        model,
        why,
        Fate.KEPT,
        references=frozenset(references.split()),
        other=frozenset(other.split()),
    )


def export(section: str, read: Reader) -> None:
    """Add a section to every export: `read(user_id)` returns one mapping, or rows of plain data.

    It must not hold anything about others, and ask a constant number of queries.
    """
    _registry.sections[section] = read


def erasure(app: str, *, erase: Step, lock: Step | None = None, check: Step | None = None) -> None:
    """Declare an app's part in deleting an account; each step joins the one transaction.

    `lock` takes locks that come before the user's row in the global order; `check`, called under
    the lock of that row, raises a refusal while something is under way; `erase` leaves nothing.
    """
    _registry.erasures[app] = _Erasure(lock, check, erase)


def tables() -> dict[str, Table]:
    """Return what was declared, by model."""
    return _registry.tables


def sections() -> dict[str, Reader]:
    """Return the readers of an export, by section."""
    return _registry.sections


def take_locks(user_id: uuid.UUID) -> None:
    """Take the locks of every app that come before the user's row; raises `Busy`."""
    for step in _steps():
        if step.lock:
            step.lock(user_id)


def check_nothing_is_under_way(user_id: uuid.UUID) -> None:
    """Raise the refusal of the first app that cannot let the person go yet."""
    for step in _steps():
        if step.check:
            step.check(user_id)


def erase_everything(user_id: uuid.UUID) -> None:
    """Let every app erase what it holds; the user's own row is the caller's to delete."""
    for step in _steps():
        step.erase(user_id)


def _steps() -> list[_Erasure]:
    # Apps are ready from the bottom up; what builds on others has to go first.
    return list(reversed(_registry.erasures.values()))
