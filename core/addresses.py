"""Postal addresses as people write them and as they are kept, the same through every door."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.text import without_turns

LONGEST = {
    "recipient": 150,
    "line1": 200,
    "line2": 200,
    "postcode": 20,
    "city": 100,
    "phone": 40,
    "safe_place": 100,
    "note": 200,
}
MISSING: dict[str, Any] = {
    "recipient": _("Enter the full name of whoever receives the books"),
    "line1": _("Enter the street and house number"),
    "postcode": _("Enter the postcode"),
    "city": _("Enter the town or city"),
    "country": _("Choose the country"),
}
# Of the regions that CLDR names these are no countries of ISO 3166-1.
_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_PHONE = re.compile(r"\+?[0-9 ()./#-]+(?:(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)

# An address is printed on labels and read out to drivers: one line, only what can be seen.
one_printable_line = RegexValidator(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]",
    message=_("Write this on one line, without control characters."),
    inverse_match=True,
)


@dataclass(frozen=True)
class Preferences:
    """What the driver is asked to do. The first two exclude each other."""

    leave_at_door: bool = False
    signature_required: bool = False
    safe_place: str = ""
    note: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Preferences":
        """Return stored preferences; what is not there is not wished for."""
        return cls(**{name: stored[name] for name in cls.__annotations__ if name in stored})

    def as_json(self) -> dict[str, Any]:
        """Return them as they are stored and shown by the API, always all four."""
        return asdict(self)

    @property
    def sentences(self) -> list[str]:
        """What is wished for, in words; empty where nothing is."""
        said = [
            (self.leave_at_door, _("Leave at the door")),
            (self.signature_required, _("Signature required")),
            (self.safe_place, _("Safe place: {0}").format(self.safe_place)),
            (self.note, _("Note: {0}").format(self.note)),
        ]
        return [str(sentence) for wished, sentence in said if wished]


@dataclass(frozen=True)
class PostalAddress:
    """Where a delivery goes, and what the driver is asked to do there."""

    recipient: str
    line1: str
    city: str
    postcode: str
    country: str
    line2: str = ""
    phone: str = ""
    preferences: Preferences = field(default_factory=Preferences)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "PostalAddress":
        """Return what `as_json` wrote."""
        return cls(**{**stored, "preferences": Preferences.read(stored.get("preferences", {}))})

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON (for a session)."""
        return asdict(self)

    @property
    def country_name(self) -> str:
        """The country in the reader's language."""
        return country_names().get(self.country, self.country)

    @property
    def in_one_line(self) -> str:
        """Whom and where, as it is said in a list of choices."""
        town = f"{self.postcode} {self.city}"
        parts = [self.recipient, self.line1, self.line2, town, self.country_name]
        return ", ".join(part for part in parts if part)


def tidied(address: PostalAddress) -> PostalAddress:
    """Return an address as it is kept. Raises `Invalid` with the sentences of every wrong field.

    Sloppy input is put right: surplus spaces, small letters in a postcode or country, long dashes.
    Fields of the preferences are named below "delivery_preferences".
    """
    wrong: dict[str, Any] = {}
    tidy = {
        name: _judged(wrong, name, getattr(address, name), rule) for name, rule in _RULES.items()
    }
    preferences = _tidied_preferences(address.preferences, wrong)
    if wrong:
        raise Invalid(fields=wrong)
    return PostalAddress(**tidy, preferences=preferences)


def country_names() -> dict[str, str]:
    """Return the countries of ISO 3166-1 (alpha-2) by code, named in the reader's language."""
    return _countries(to_locale(get_language() or settings.LANGUAGE_CODE))


def country_choices() -> list[tuple[str, str]]:
    """Return the countries as choices of a form, by name."""
    return sorted(country_names().items(), key=lambda choice: choice[1])


def _tidied_preferences(given: Preferences, wrong: dict[str, Any]) -> Preferences:
    faults: dict[str, Any] = {}
    if given.leave_at_door and given.signature_required:
        faults["leave_at_door"] = [_("Nobody can sign for what is left at the door: choose one.")]
    texts = {name: _judged(faults, name, getattr(given, name), str) for name in _TEXTS}
    if faults:
        wrong["delivery_preferences"] = faults
    return Preferences(given.leave_at_door, given.signature_required, **texts)


_TEXTS = ("safe_place", "note")


def _judged(wrong: dict[str, Any], name: str, raw: str, rule: Callable[[str], str]) -> str:
    try:
        return _checked(name, without_turns(raw).strip(), rule)
    except ValidationError as error:
        wrong[name] = error.messages
        return raw


def _checked(name: str, text: str, rule: Callable[[str], str]) -> str:
    one_printable_line(text)
    if not text and name in MISSING:
        raise ValidationError(MISSING[name])
    tidy = rule(" ".join(text.split())) if text else ""
    if len(tidy) > LONGEST.get(name, len(tidy)):
        raise ValidationError(_("At most {0} characters.").format(LONGEST[name]))
    return tidy


def _postcode(text: str) -> str:
    return text.upper().translate(_DASHES)


def _country(text: str) -> str:
    code = text.upper()
    if code not in country_names():
        raise ValidationError(_("This is no country: two letters, like IL or GB."))
    return code


def _phone(text: str) -> str:
    number = text.translate(_DASHES)
    digits = sum(character in "0123456789" for character in number)
    if not _PHONE.fullmatch(number) or digits < 5:
        raise ValidationError(_("Enter a telephone number, like 04 555 0199 or +972 4 555 0199."))
    return number


_RULES: dict[str, Callable[[str], str]] = {
    "recipient": str,
    "line1": str,
    "line2": str,
    "postcode": _postcode,
    "city": str,
    "country": _country,
    "phone": _phone,
}


@lru_cache(maxsize=16)
def _countries(locale: str) -> dict[str, str]:
    regions = {str(code): str(name) for code, name in Locale.parse(locale).territories.items()}
    two_letters = {code for code in regions if len(code) == 2 and code.isalpha()}
    return {code: regions[code] for code in two_letters - _NO_COUNTRIES}
