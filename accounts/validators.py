"""The rules for what people write about themselves, the same through every door."""

import unicodedata
from typing import TYPE_CHECKING

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from core.errors import Invalid
from core.text import without_turns

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_EMAIL = 254
LONGEST_NAME = 150
# Argon2 reads every character: without an end, a long password would be a cheap attack.
LONGEST_PASSWORD = 128
# Without Django's exception for localhost.
_judge_email = EmailValidator(allowlist=[])
# Of a second factor: room for spaces and dashes between the digits.
LONGEST_CODE = 50


def normal_email(raw: str) -> str:
    """Return an address as it is stored: trimmed, in lower case. Raises `Invalid`.

    Only ASCII: letters that merely look alike, or that change when their case does, would let one
    person register as another. International domains have an ASCII spelling (xn--…). No number in
    brackets and no localhost for a domain: our mail server could take those for machines inside.
    """
    email = raw.strip()
    if not _is_email(email):
        raise Invalid(fields={"email": [_("Enter a valid email address.")]})
    return email.lower()


def normal_name(raw: str) -> str:
    """Return a name with single spaces, no line breaks and nothing that turns it (`core.text`).

    Raises `Invalid`.
    """
    name = " ".join(without_turns(raw).split())
    # Control characters and halves of surrogate pairs; joiners stay, some scripts need them.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise Invalid(fields={"full_name": [_("Enter a name without control characters.")]})
    if len(name) > LONGEST_NAME:
        raise Invalid(
            fields={"full_name": [_("At most {0} characters.").format(LONGEST_NAME)]},
        )
    return name


def check_new_password(password: str, user: "User") -> None:
    """Raise `Invalid` for a password that is too short, too long, common or like `user`'s data."""
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(
            fields={"password": [_("At most {0} characters.").format(LONGEST_PASSWORD)]},
        )
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": list(error.messages)}) from None


def _is_email(text: str) -> bool:
    if not text.isascii() or len(text) > LONGEST_EMAIL or text.endswith("]"):
        return False
    try:
        _judge_email(text)
    except ValidationError:
        return False
    return True
