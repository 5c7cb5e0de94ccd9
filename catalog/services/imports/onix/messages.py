"""The products of an ONIX message, one at a time, whatever the file's size or intent.

Nothing is fetched, no entity is explained and no inclusion followed. Memory holds one product: the
parser is fed piece by piece, and a file that goes on for `LONGEST_PRODUCT` bytes without the end of
a product is refused.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from lxml import etree

from catalog.services.imports.onix import prologs
from catalog.services.imports.onix.names import Names, names_of
from catalog.services.imports.rejections import FileRefused

LONGEST_PRODUCT = 2_000_000
# Other than those of XML itself. One that a piece of the file breaks off in counts, too.
_NAMED_CHARACTER = re.compile(rb"&(?!#|amp;|lt;|gt;|quot;|apos;)")
_WATCHED = [f"{{*}}{name}" for name in ("ONIXMessage", "ONIXmessage", "Header", "header")]
_WATCHED += ["{*}Product", "{*}product"]
_NAMESPACE_ERRORS = range(200, 300)


def read_products(file: BinaryIO) -> Iterator[tuple[Names, etree._Element]]:
    """Yield each product of a message with the names of its elements.

    A product is good until the next one is asked for. Raises `FileRefused` for what is no message
    of ONIX 2.1, 3.0 or 3.1, and where one breaks off: products before that have been told.
    """
    opened = prologs.open_message(file)
    if opened.root not in {"ONIXMessage", "ONIXmessage"}:
        reason = _("This is not an ONIX message: its outermost element is “{name}”.")
        raise FileRefused("NOT_ONIX", format_lazy(reason, name=opened.root[:60]))
    message = _Message()
    without_end, has_names = 0, False
    for chunk in opened.chunks:
        without_end += len(chunk)
        broken = message.feed(chunk)
        has_names = has_names or _NAMED_CHARACTER.search(chunk) is not None
        for product in message.products():
            without_end = 0
            message.names.has_named_characters |= has_names
            yield message.names, product
        if broken:
            raise broken
        if without_end > LONGEST_PRODUCT:
            raise _too_long()
    message.close()


class _Message:
    names: Names

    def __init__(self) -> None:
        self._parser = etree.XMLPullParser(
            ("start", "end"),
            tag=_WATCHED,
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._root: etree._Element | None = None

    def feed(self, chunk: bytes) -> FileRefused | None:
        """Parse on; return why that is not possible."""
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            return _broken(error)
        return None

    def products(self) -> Iterator[etree._Element]:
        """Yield the products that are complete, forgetting each when the next is asked for."""
        for event, element in self._events():
            if self._root is None:
                self._root = element
                self.names = names_of(element)
            elif event == "end" and element.getparent() is self._root:
                if etree.QName(element).localname in {"Product", "product"}:
                    yield element
                else:
                    self.names.hear_header(element)
                # Only what stands before it: the parser may still be busy with what follows.
                element.clear(keep_tail=True)  # type: ignore[call-arg]
                while element.getprevious() is not None:
                    del self._root[0]

    def _events(self) -> Iterator[tuple[str, etree._Element]]:
        # Of the events asked for, both come with an element.
        return cast("Iterator[tuple[str, etree._Element]]", self._parser.read_events())

    def close(self) -> None:
        """Raise `FileRefused` unless the message has come to its end."""
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            # A prefix without its namespace is told only now; the message is whole all the same.
            if _code_of(error) not in _NAMESPACE_ERRORS:
                reason = _("The file breaks off in line {line}. Ask the sender for a whole one.")
                refusal = FileRefused("BROKEN_OFF", format_lazy(reason, line=error.lineno))
                raise refusal from None


def _broken(error: etree.XMLSyntaxError) -> FileRefused:
    line = error.lineno or 1
    if "depth" in str(error):
        reason = _("The elements in line {line} are nested deeper than any book needs.")
        return FileRefused("TOO_DEEP", format_lazy(reason, line=line))
    if _code_of(error) == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return _too_long()
    reason = _("The file is not well-formed XML: line {line} cannot be read. Ask for a new one.")
    return FileRefused("NOT_WELL_FORMED", format_lazy(reason, line=line))


def _code_of(error: etree.XMLSyntaxError) -> int:
    return cast("int", error.code)  # type: ignore[attr-defined]


def _too_long() -> FileRefused:
    reason = _("There are {size} MB without the end of a product, which no book needs.")
    return FileRefused("PRODUCT_TOO_LONG", format_lazy(reason, size=LONGEST_PRODUCT // 10**6))
