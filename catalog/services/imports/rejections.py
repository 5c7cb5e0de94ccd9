"""Why a row of a file did not become a book."""

from typing import NamedTuple


class Rejected(Exception):
    """A row cannot be used: `code` for programs, `reason` for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Rejection(NamedTuple):
    """One row that was left out; `row` is the line of the file on which it begins."""

    row: int
    isbn: str
    code: str
    reason: str
