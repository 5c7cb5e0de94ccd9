"""The words of addresses that people choose or that names make."""

from django.utils.translation import gettext as _

from catalog import text
from core.errors import Invalid


def made_of(name: str, *, otherwise: str, longest: int) -> str:
    """Return the address that a name makes; `otherwise` stands for one without any letter.

    A number in an address or a filter is an id, so one of nothing but digits gets a word.
    """
    slug = text.slug_of(name, otherwise=otherwise)[:longest].rstrip("-")
    return f"{otherwise}-{slug}" if slug.isdigit() else slug


def checked(slug: str) -> str:
    """Return an address that somebody chose; raise `Invalid` for none and for a number."""
    if not slug or slug.isdigit():
        raise Invalid(fields={"slug": [_("Give the address a letter.")]})
    return slug
