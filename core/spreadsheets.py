"""Cells that a spreadsheet would run as formulas, made harmless and made themselves again.

Whoever may write a title may write "=HYPERLINK(…)", and whoever opens the list runs it. So a text
that begins like a formula gets an apostrophe in front. Spreadsheets in half of the world part
cells at semicolons and know no quotes in the middle of a line, so what follows a semicolon, a tab
or the end of a line may begin a cell as well.
"""

import re
from decimal import Decimal

# Full-width signs are signs to spreadsheets in East Asia.
_BEGINNING = r"[\s'\"]*[=+\-@＝＋－＠]|'*[\t\r]"
_CELL = r"(?:^|(?<=[;\t\r\n]))"
_DANGEROUS = re.compile(rf"{_CELL}(?={_BEGINNING})")
_DEFUSED = re.compile(rf"{_CELL}'(?={_BEGINNING})")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")

type Cell = str | int | float | Decimal | None


def harmless(cell: Cell) -> Cell:
    """Return what may stand in a cell without being run; numbers stay numbers.

    `restored` gives back every text that went through here.
    """
    if not isinstance(cell, str) or not cell or _NUMBER.fullmatch(cell):
        return cell
    return _DANGEROUS.sub("'", cell)


def restored(cell: str) -> str:
    """Return the text of a cell without the apostrophes that `harmless` put there."""
    return _DEFUSED.sub("", cell) if "'" in cell else cell
