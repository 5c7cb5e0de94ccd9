"""In which encoding a file of text is: told for sure, or the file is refused; never guessed."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from catalog.services.imports.rejections import FileRefused

CHUNK = 1 << 20
WINDOWS = "cp1252"
# Python's own names; the longer mark first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# What Western European text never has: bytes without a meaning, signs in the middle of a word,
# four accented letters in a row (another alphabet) and the Turkish and Icelandic places of 8859.
_NOT_WESTERN = re.compile(
    rb"[\x81\x8d\x8f\x90\x9d]|[A-Za-z][\xa1-\xa9\xab\xac\xae-\xb3\xb5\xb6\xb8\xb9\xbb-\xbf][A-Za-z]"
    rb"|[\xc0-\xff]{4}|[\xd0\xdd\xde\xf0\xfd\xfe]"
)
_HIGH = re.compile(rb"[\x80-\xff]")


def encoding_of(file: BinaryIO) -> str:
    """Return the codec of a text file; reads all of it and leaves it at its beginning.

    Mostly UTF-8 with some broken bytes counts as UTF-8: the rows with the broken bytes are then
    rejected one by one. Raises `FileRefused` when it is neither UTF-8, UTF-16 nor, beyond doubt,
    Windows-1252.
    """
    file.seek(0)
    head = file.read(4096)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            file.seek(0)
            return codec or _refuse()
    if b"\0" in head:
        file.seek(0)
        return _utf16_without_mark(head)
    codec = "utf-8" if _is_utf8(file) else _other_than_utf8(file)
    file.seek(0)
    return codec


def _utf16_without_mark(head: bytes) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head) or min(even, odd):
        raise FileRefused("FILE_BINARY", _("This is not a file of text, or it is damaged."))
    return "utf-16-be" if even else "utf-16-le"


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _other_than_utf8(file: BinaryIO) -> str:
    letters = others = foreign = 0
    for chunk in _chunks(file):
        rest = _UTF8_LETTER.sub(b"", chunk)
        letters += len(_UTF8_LETTER.findall(chunk))
        others += len(_HIGH.findall(rest))
        foreign += len(_NOT_WESTERN.findall(rest))
    if letters > others:
        return "utf-8"
    if letters or foreign:
        _refuse()
    return WINDOWS


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _refuse() -> str:
    raise FileRefused(
        "ENCODING_UNKNOWN",
        _(
            "We cannot tell this file's encoding, and guessing would spoil names and titles. "
            "Save it once more as “CSV UTF-8” and upload that."
        ),
    )
