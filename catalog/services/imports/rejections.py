"""Why a row of a file, or the file as a whole, did not become books."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid


class FileRefused(Invalid):
    """A file as a whole cannot be read: `problem` for programs, `reason` for booksellers."""

    code = "IMPORT_FILE_REFUSED"
    sentence = _("{reason}")

    def __init__(self, problem: str, reason: str | Promise) -> None:
        super().__init__(problem=problem, reason=reason)
        self.problem = problem


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
