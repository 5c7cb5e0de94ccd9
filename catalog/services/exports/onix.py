"""ONIX for Books 3.0, reference names: the book trade's message, a product for each book."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone
from lxml import etree

from catalog.selectors.exports import ExportRecord
from catalog.services.exports.products import Node, element_of, product_of
from catalog.services.exports.texts import Write
from core.tables import Sink

NAMESPACE = "http://ns.editeur.org/onix/3.0/reference"


@contextmanager
def onix(sink: Sink) -> Iterator[Write]:
    """Write a message that is valid by EDItEUR's schema, whatever the catalogue's texts hold."""
    is_empty = True

    def write(records: Sequence[ExportRecord]) -> None:
        nonlocal is_empty
        for record in records:
            message.write(element_of(product_of(record)))
            is_empty = False
        message.flush()

    # Products are written without the namespace: it is the root's, and so theirs.
    with etree.xmlfile(sink, encoding="utf-8") as message:
        message.write_declaration()
        attributes = {"release": "3.0"}
        with message.element(f"{{{NAMESPACE}}}ONIXMessage", attributes, {None: NAMESPACE}):
            message.write(element_of(_header()))
            yield write
            if is_empty:
                message.write(etree.Element("NoProduct"))


def _header() -> Node:
    sent = timezone.now().astimezone(timezone.get_fixed_timezone(0))
    sender: list[Node] = [("SenderName", settings.STORE_NAME)]
    inside: list[Node] = [("Sender", sender), ("SentDateTime", f"{sent:%Y%m%dT%H%M%SZ}")]
    return ("Header", inside)
