"""ISBNs, one number in many spellings, and the facts of a book that have no column."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import isbn
from stdnum.exceptions import ValidationError as NumberError

LONGEST_NAME = 200  # of people, publishers, series
MOST_ATTRIBUTES = 50
LONGEST_ATTRIBUTE_NAME = 60
LONGEST_ATTRIBUTE = 500


def to_isbn13(text: str) -> str:
    """Return the ISBN-13 of any spelling (ISBN-10, hyphens, spaces); raise ValidationError."""
    try:
        return isbn.to_isbn13(isbn.validate(text.strip())).replace("-", "").replace(" ", "")
    except NumberError:
        raise ValidationError(_("This is not a valid ISBN."), code="isbn") from None


def to_isbn10(isbn13: str) -> str | None:
    """Return the ISBN-10 of an ISBN-13, None for those that have none (979…)."""
    return isbn.to_isbn10(isbn13).replace("-", "") if isbn13.startswith("978") else None


def hyphenated(isbn13: str) -> str:
    """Return the ISBN as people write it: 978-0-14-143951-8."""
    return isbn.format(isbn13)


def validate_isbn13(value: str) -> None:
    """Refuse anything but thirteen digits with the right check digit."""
    if to_isbn13(value) != value:
        raise ValidationError(_("Write the ISBN as thirteen digits."), code="isbn")


def validate_attributes(attributes: Mapping[str, str]) -> None:
    """Refuse more facts than a page can show, and facts without a name or a text."""
    if len(attributes) > MOST_ATTRIBUTES:
        raise ValidationError(_("At most %(most)d facts.") % {"most": MOST_ATTRIBUTES})
    for name, said in attributes.items():
        if not 0 < len(name) <= LONGEST_ATTRIBUTE_NAME or ":" in name:
            raise ValidationError(
                _("Give each fact a name of at most %(most)d characters, without a colon.")
                % {"most": LONGEST_ATTRIBUTE_NAME}
            )
        if not 0 < len(said) <= LONGEST_ATTRIBUTE:
            raise ValidationError(
                _("“%(name)s” needs a text of at most %(most)d characters.")
                % {"name": name, "most": LONGEST_ATTRIBUTE}
            )
