"""How the catalogue's lists show what needs more than its bare text."""

from django.utils.html import format_html

from catalog.validators import hyphenated


def isbn_cell(isbn13: str) -> str:
    """Return an ISBN as people write it, on one line; nothing for a row not yet filled in."""
    if not isbn13:
        return ""
    return format_html('<span class="whitespace-nowrap">{}</span>', hyphenated(isbn13))
