"""What messages of this shop's own kind say in places that ONIX leaves to the parties.

`services.exports.products` writes them, so that an export comes back as it was.
"""

from lxml import etree

from catalog.services.imports.onix import markup
from catalog.services.imports.onix.names import Names

GENRES = "bookstore genre"
WORKS = "bookstore work"
PUBLISHERS = "bookstore publisher"
_PROPRIETARY = "24"
_SENDER_DEFINED = "01"


def genres_of(names: Names, block: etree._Element) -> list[str]:
    """Return the addresses of the genres that a DescriptiveDetail names in our own scheme."""
    return [
        names.text(each, "SubjectCode")
        for each in names.all(block, "Subject")
        if names.text(each, "SubjectSchemeIdentifier") == _PROPRIETARY
        and names.text(each, "SubjectSchemeName") == GENRES
    ]


def attributes_of(names: Names, block: etree._Element) -> dict[str, str]:
    """Return the facts without a place of their own: texts of the sender's, with a name each."""
    facts = {}
    for content in names.all(block, "TextContent"):
        name, written = names.text(content, "SourceTitle"), names.first(content, "Text")
        if name and written is not None and names.text(content, "TextType") == _SENDER_DEFINED:
            facts[name] = markup.plain_text(written)
    return facts
