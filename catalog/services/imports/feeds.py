"""What a publisher's feed wants done with what it says, beyond the facts themselves."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Wish(StrEnum):
    """What a record is for."""

    ADD = "ADD"  # what it says, it says; what it leaves out stays: rows of every other file
    REPLACE = "REPLACE"  # a complete record: what it leaves out is emptied
    UPDATE = "UPDATE"  # some blocks of a record that was sent before
    WITHDRAW = "WITHDRAW"
    NOTHING = "NOTHING"  # a test, or news that change no book


@dataclass(frozen=True, slots=True)
class Terms:
    """How a record is meant.

    `reference` is the sender's own name for it. `governs` are the facts that are emptied when the
    record leaves them out; a fact of `Book.attributes` is named as ATTRIBUTE + its name. `notes`
    are codes of what is worth counting.
    """

    wish: Wish = Wish.ADD
    reference: str = ""
    governs: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


NO_TERMS = Terms()
ATTRIBUTE = "attributes:"


class FeedFields(dict[str, Any]):
    """The fields of a row that came with terms, which no column of a table can claim."""

    def __init__(self, fields: dict[str, Any], terms: Terms) -> None:
        super().__init__(fields)
        self.terms = terms
