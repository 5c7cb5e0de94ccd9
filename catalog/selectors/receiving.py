"""What the receiving page shows: where somebody may receive, which book a code is, what came."""

import datetime as dt
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import errors
from catalog.enums import MovementReason
from catalog.models import Book, Branch, StockMovement
from catalog.selectors import branch_staff, inventory
from catalog.validators import hyphenated, to_isbn13
from core.errors import Invalid
from core.roles import Role

# Ends the reference of a movement that takes another back.
UNDONE = "/undo"
LONGEST_CODE = 64
MOST_LINES = 60
# A delivery that takes longer is another one.
RECENT = dt.timedelta(hours=24)
# What scanners put before the digits when they tell the kind of code, as in "]E09780141439518".
_KIND = re.compile(r"^\][A-Za-z][0-9A-Fa-f]")
_NOT_IN_CODES = re.compile(r"[^0-9X]")
_EAN, _ADD_ONS = 13, (2, 5)


@dataclass(frozen=True)
class ReceivedLine:
    """One scan: the movement, its book, and whether it was taken back."""

    movement: StockMovement
    is_undone: bool

    @property
    def book(self) -> Book:
        """The book that was scanned."""
        return self.movement.inventory.book

    @property
    def isbn(self) -> str:
        """Its ISBN as people write it."""
        return hyphenated(self.book.isbn13)


@dataclass(frozen=True)
class Delivery:
    """What came into a branch with one delivery note lately, the newest scan first.

    `copies` counts all of it, less what was taken back; `lines` are the last `MOST_LINES` scans.
    """

    lines: list[ReceivedLine]
    copies: int


def new_scan() -> str:
    """Return a name for one scan, so that sending it twice counts once."""
    return secrets.token_hex(8)


def branches_for(user: Any) -> QuerySet[Branch]:
    """Return the branches where `user` may receive: any for managers, else those they are tied to.

    An employee without ties sees every branch but belongs to none: there is none for them.
    """
    branches = inventory.open_branches_of(user)
    if user.has_role(Role.MANAGER) or branch_staff.branches_of(user):
        return branches
    return branches.none()


def book_of_code(code: str) -> Book:
    """Return the book of a scanned or typed code: an ISBN in any spelling, an EAN with an add-on.

    Raises `Invalid` for what is no ISBN, `IsbnUnknown` with `isbn13`, `BookWithdrawn`.
    """
    isbn13 = _isbn13_of(code)
    book = Book.objects.filter(isbn13=isbn13).first()
    if book is None:
        raise errors.IsbnUnknown(isbn13=isbn13, isbn=hyphenated(isbn13))
    if book.deleted_at is not None:
        raise errors.BookWithdrawn(book_id=book.pk)
    return book


def delivery(*, branch_id: int, note: str) -> Delivery:
    """Return what came into a branch with a delivery note within a day (two queries)."""
    moved = StockMovement.objects.filter(
        inventory__branch_id=branch_id,
        reason=MovementReason.RECEIVED,
        reference__startswith=f"{note}/",
        created_at__gte=timezone.now() - RECENT,
    )
    copies = moved.aggregate(copies=Sum("delta"))["copies"] or 0
    rows = list(moved.select_related("inventory__book").order_by("-pk")[: 2 * MOST_LINES])
    undone = {row.reference.removesuffix(UNDONE) for row in rows if row.delta < 0}
    lines = [ReceivedLine(row, row.reference in undone) for row in rows if row.delta > 0]
    return Delivery(lines[:MOST_LINES], copies)


def receipt_for(user: Any, movement_id: int) -> StockMovement:
    """Return a receipt of a branch where `user` may receive; raise `MovementNotFound`."""
    receipts = StockMovement.objects.filter(
        reason=MovementReason.RECEIVED, delta__gt=0, inventory__branch__in=branches_for(user)
    )
    found = receipts.exclude(reference="").filter(pk=movement_id).first()
    if found is None:
        raise errors.MovementNotFound
    return found


def _isbn13_of(code: str) -> str:
    text = _KIND.sub("", unicodedata.normalize("NFKC", code).strip())
    digits = _NOT_IN_CODES.sub("", text.upper()[:LONGEST_CODE])
    if len(digits) - _EAN in _ADD_ONS and digits.startswith(("978", "979")):
        digits = digits[:_EAN]
    try:
        return to_isbn13(digits)
    except ValidationError:
        message = _("“%(code)s” is not an ISBN. Scan it again, or type it.")
        raise Invalid(fields={"code": [message % {"code": code[:LONGEST_CODE]}]}) from None
