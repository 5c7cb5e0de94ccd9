"""ISBNs: one number in many spellings."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import isbn
from stdnum.exceptions import ValidationError as NumberError


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
