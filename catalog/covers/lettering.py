"""Setting type without a font at hand: how wide words are in any script, and where lines end."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

LEADING = 1.16  # line height, in sizes
ELLIPSIS = "…"
# Joiners carry meaning in Persian, in Indic scripts and in emoji; other format characters go.
_JOINERS = "\u200c\u200d"
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_NARROW = set("iljtfrI.,:;'’‘!|()[]-·")
_WIDE = set("mwMW@%&—…ŒœÆæ")
# First code point beyond a block, and its widest common letter in ems of a bold serif.
_SCRIPTS = (
    (0x0300, 0.0),  # Latin: letter by letter, below
    (0x0370, 0.0),  # combining marks
    (0x0530, 0.74),  # Greek, Cyrillic
    (0x0590, 0.78),  # Armenian
    (0x0600, 0.68),  # Hebrew
    (0x0900, 0.82),  # Arabic, Syriac, Thaana
    (0x0E00, 1.0),  # Indic scripts
    (0x0F00, 0.78),  # Thai, Lao
    (0x1E00, 1.0),  # Tibetan … Phonetic extensions
    (0x2000, 0.74),  # Latin and Greek, extended
)
_OTHER = 1.1
# A line may end after these, and on either side of a character that fills a square; a word with
# a hyphen stays whole as long as it is not longer than this many ems.
_LONG_WORD = 8.0
_PIECES = re.compile(r"[^\-–—/]*[\-–—/]+|[^\-–—/]+")


@dataclass(frozen=True)
class Setting:
    """A text in lines, and the size at which they fit."""

    size: float
    lines: tuple[str, ...]


def cleaned(text: str) -> str:
    """Return text that XML can hold and that prints in one direction: no control characters."""
    spaced = " ".join(text.split())
    kept = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    return " ".join("".join(kept).split())


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def width(text: str) -> float:
    """Return the estimated width in ems; errs on the wide side."""
    return sum(_advance(character) for character in text)


def fitted(text: str, *, sizes: Sequence[float], room: float, height: float) -> Setting:
    """Set text at the largest of `sizes` at which no word breaks and all lines fit.

    At the smallest size words may break, and what is too long ends in an ellipsis.
    """
    pieces = _pieces(text)
    longest = max((width(piece.rstrip()) for piece in pieces), default=0.0)
    for size in sizes:
        if longest * size <= room:
            lines = _balanced(pieces, room / size)
            if len(lines) * size * LEADING <= height:
                return Setting(size, tuple(lines))
    size = sizes[-1]
    lines = _lines([part for piece in pieces for part in _broken(piece, room / size)], room / size)
    return Setting(size, tuple(_shortened(lines, int(height / (size * LEADING)), room / size)))


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    code = ord(character)
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.05
    if code < 0x0300:
        return _latin(character)
    if 0x2010 <= code < 0x2030:
        return 1.05 if character in "—…" else 0.6
    return next((ems for beyond, ems in _SCRIPTS if code < beyond), _OTHER)


def _latin(character: str) -> float:
    if character == " ":
        return 0.28
    plain = unicodedata.normalize("NFD", character)[0]
    if plain in _NARROW:
        return 0.4
    if plain in _WIDE:
        return 1.05
    return 0.8 if plain.isupper() else 0.6


def _pieces(text: str) -> list[str]:
    """Cut where a line may end; blanks stay with the piece before them."""
    pieces: list[str] = []
    for word in text.split():
        parts = _PIECES.findall(word) if width(word) > _LONG_WORD else [word]
        for part in parts:
            pieces.extend(_squares(part))
        pieces[-1] += " "
    return pieces


def _squares(word: str) -> list[str]:
    parts: list[str] = []
    stuck = False
    for character in word:
        square = unicodedata.east_asian_width(character) in ("W", "F")
        # Closing marks stay with what they close.
        closing = unicodedata.category(character) in ("Pe", "Pf", "Po", "Mn", "Mc", "Me", "Lm")
        if parts and (closing or not (square or stuck)):
            parts[-1] += character
        else:
            parts.append(character)
        stuck = square or (stuck and closing)
    return parts


def _lines(pieces: Sequence[str], most: float) -> list[str]:
    lines: list[str] = []
    line, taken = "", 0.0
    for piece in pieces:
        if line and taken + width(piece.rstrip()) > most:
            lines.append(line.rstrip())
            line, taken = "", 0.0
        line += piece
        taken += width(piece)
    return [*lines, line.rstrip()] if line.strip() else lines


def _balanced(pieces: Sequence[str], most: float) -> list[str]:
    """Break into as few lines as fit, then make them as equal as can be."""
    lines = _lines(pieces, most)
    low, high = max((width(piece.rstrip()) for piece in pieces), default=0.0), most
    for _step in range(6):
        middle = (low + high) / 2
        tried = _lines(pieces, middle)
        if len(tried) == len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _broken(piece: str, most: float) -> list[str]:
    """Cut a piece that is wider than a line, never between a letter and its marks."""
    parts, taken = [""], 0.0
    for character in piece:
        advance = _advance(character)
        if parts[-1] and advance and taken + advance > most and character != " ":
            parts.append("")
            taken = 0.0
        parts[-1] += character
        taken += advance
    return parts


def _shortened(lines: list[str], most_lines: int, most: float) -> list[str]:
    if len(lines) <= most_lines:
        return lines
    kept = lines[:most_lines]
    last = kept[-1]
    while last and width(last + ELLIPSIS) > most:
        last = last[:-1]
    return [*kept[:-1], last.rstrip() + ELLIPSIS]
