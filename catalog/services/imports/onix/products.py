"""What a product of an ONIX message says of a book, as fields of a row."""

import html
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from catalog.services.imports.feeds import FeedFields, Terms, Wish
from catalog.services.imports.onix import blocks, codes
from catalog.services.imports.onix.messages import read_products
from catalog.services.imports.onix.names import Names
from catalog.services.imports.readers import RawRow
from catalog.services.imports.rejections import Rejected

LONGEST_REFERENCE = 100
_ISBN13, _GTIN, _ISBN10 = "15", "03", "02"
_BOOKLAND = ("978", "979")


def read_onix(file: BinaryIO) -> Iterator[RawRow]:
    """Yield a row for each product of an ONIX message; rows are numbered from 1, as products.

    Raises `FileRefused` for what is no message, and where one breaks off: rows before that have
    been told. Nothing is fetched from anywhere; memory does not grow with the file.
    """
    for number, (names, product) in enumerate(read_products(file), start=1):
        identity = _identity(names, product)
        try:
            yield RawRow(number, _fields(names, product, identity))
        except Rejected as problem:
            yield RawRow(number, identity, problem)


def _fields(names: Names, product: etree._Element, identity: dict[str, Any]) -> FeedFields:
    kind = names.text(product, "NotificationType")
    wish = codes.WISHES.get(kind)
    if wish is None:
        raise Rejected("NOTIFICATION_UNKNOWN", f"“{kind[:10]}” is no type of notification.")
    reference = names.text(product, "RecordReference")
    notes = [codes.NOTES.get(kind, "")]
    if len(reference) > LONGEST_REFERENCE:
        reference = ""
        notes.append("REFERENCE_TOO_LONG")
    said: dict[str, Any] = {}
    governs: frozenset[str] = frozenset()
    if wish in {Wish.REPLACE, Wish.UPDATE}:
        if names.has_named_characters:
            _refuse_unexplained(product)
        said, governs = blocks.read_blocks(names, product, offers_only=kind in codes.OFFERS_ONLY)
        notes += said.pop("notes", ())
        if wish == Wish.REPLACE:
            governs = blocks.ALL_FACTS
    terms = Terms(wish, reference, governs, tuple(filter(None, notes)))
    return FeedFields(identity | said, terms)


def _refuse_unexplained(product: etree._Element) -> None:
    """Names of characters as on web pages are understood; raise `Rejected` for any other."""
    for entity in product.iter(etree.Entity):
        name = entity.text or ""
        if html.unescape(name) == name:
            reason = f"The record uses {name[:40]}, a name that nothing in it explains."
            raise Rejected("CHARACTER_UNKNOWN", reason)


def _identity(names: Names, product: etree._Element) -> dict[str, Any]:
    ids = {
        names.text(each, "ProductIDType"): names.text(each, "IDValue")
        for each in names.all(product, "ProductIdentifier")
    }
    gtin = ids.get(_GTIN, "") or names.text(product, "EAN13")
    thirteen = ids.get(_ISBN13) or (gtin if gtin.startswith(_BOOKLAND) else "")
    ten = ids.get(_ISBN10) or names.text(product, "ISBN")
    return {"isbn13": thirteen, "isbn10": ten}
