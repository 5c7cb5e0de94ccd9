"""The beginning of an ONIX file: its encoding, its DOCTYPE, its root.

Of DOCTYPEs only the plain one of EDItEUR's ONIX is let pass, unread. The file is decoded here,
strictly, and handed on in UTF-8 without its XML declaration and its DOCTYPE, so that the parser
never sees the name of a file or an address.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.services.imports.rejections import FileRefused

CHUNK = 65_536
LONGEST_PROLOG = 65_536
_SNIFFED = 4_096
# Those who say Latin-1 and send curly quotes mean windows-1252, as every browser reads it.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*>")
_BETWEEN = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(
    r"<!DOCTYPE\s+ONIX[Mm]essage\s+(?:SYSTEM|PUBLIC\s+(?:\"[^\"<>]*\"|'[^'<>]*'))\s+"
    r"([\"'])https?://(?:www\.)?editeur\.org/onix/[\w./-]+\.dtd\1\s*>"
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")
# It tells the parser that names of characters may be explained elsewhere, where nobody looks:
# then they stay in the text as they are written.
_NAMES_MAY_COME = '<!DOCTYPE ONIXMessage SYSTEM "">'
_UNFINISHED = re.compile(r"<\?|<!--|<!?[\w.:-]*$|<!-$|$")


class Opened(NamedTuple):
    """A file past its prolog: the name of its root and its text from there on, in UTF-8."""

    root: str
    chunks: Iterator[bytes]


def open_message(file: BinaryIO) -> Opened:
    """Return the root's name and the text of a file; raise `FileRefused` for what is no message.

    The text raises `FileRefused`, too, where bytes do not fit the encoding.
    """
    texts = _decoded(file)
    head = ""
    for text in texts:
        head += text
        if found := _past_prolog(head):
            root, rest = found
            return Opened(root, _encoded(rest, texts))
        if len(head) > LONGEST_PROLOG:
            break
    raise _not_onix()


def _encoded(first: str, texts: Iterator[str]) -> Iterator[bytes]:
    yield first.encode()
    for text in texts:
        yield text.encode()


def _past_prolog(head: str) -> tuple[str, str] | None:
    """Return the root's name and the text from the root on, None when more has to be read."""
    place = 0
    while True:
        while between := _BETWEEN.match(head, place):
            place = between.end()
        if not head.startswith("<!DOCTYPE", place):
            break
        declared = _DOCTYPE.match(head, place)
        if not declared:
            if "[" in head[place:] or ">" in head[place:]:
                raise _dtd_forbidden()
            return None
        place = declared.end()
    rest = head[place:]
    if root := _ROOT.match(rest):
        # Lines are counted from the file's first.
        return root[1], _NAMES_MAY_COME + "\n" * head.count("\n", 0, place) + rest
    if _UNFINISHED.match(rest):
        return None
    raise _not_onix()


def _decoded(file: BinaryIO) -> Iterator[str]:
    chunk = _read_at_least(file, _SNIFFED)
    encoding = _encoding_of(chunk)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk:
            if text := decoder.decode(chunk):
                # A mark at the beginning is no part of the text.
                yield text.removeprefix("\ufeff")
            chunk = file.read(CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        reason = _(
            "The file is not in the encoding that it names, or names none and is not UTF-8. "
            "Ask the sender for a file in UTF-8."
        )
        raise FileRefused("ENCODING", reason) from None


def _read_at_least(file: BinaryIO, size: int) -> bytes:
    read = b""
    while len(read) < size and (more := file.read(size - len(read))):
        read += more
    return read


def _encoding_of(head: bytes) -> str:
    """Return the codec for a file that begins so; its mark and its declaration must agree."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _encoding_refused("UTF-32")
    marked = next((codec for bom, codec in _BOMS if head.startswith(bom)), "")
    # Without a mark, a "<" of two bytes tells.
    marked = marked or {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(head[:2], "")
    text = head.decode(marked or "latin-1", errors="replace").removeprefix("\ufeff")
    declaration = _DECLARATION.match(text)
    declared = declaration[1] if declaration else ""
    codec = _ENCODINGS.get(declared.lower(), "") if declared else (marked or "utf-8")
    if not codec:
        raise _encoding_refused(declared[:40])
    if codec == "utf-16" and not marked.startswith("utf-16"):
        raise _encoding_refused(declared)
    if marked and not marked.startswith(codec):
        raise _encoding_refused(declared)
    return marked or codec


def _encoding_refused(name: str) -> FileRefused:
    reason = _(
        "The file says that it is in {name}, which it is not or which we do not read. "
        "Ask the sender for a file in UTF-8."
    )
    return FileRefused("ENCODING", format_lazy(reason, name=name))


def _dtd_forbidden() -> FileRefused:
    reason = _(
        "The file brings definitions of its own (a DTD), which can be made to read other files "
        "or to fill the memory. Ask the sender for a file without a DOCTYPE."
    )
    return FileRefused("DTD_FORBIDDEN", reason)


def _not_onix() -> FileRefused:
    return FileRefused("NOT_ONIX", _("This is not an ONIX message: it does not begin like one."))
