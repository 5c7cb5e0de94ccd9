"""Log lines that can be handed to anybody: no password, token, card, address or e-mail address.

The first rule is not to log such values at all; this is the net under it, for what libraries and
tracebacks say.
"""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

HIDDEN = "[hidden]"
_SECRET_NAMES = (
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "cookie",
    "session",
    "signature",
    "api_key",
    "apikey",
)
_PERSONAL_NAMES = (
    "email",
    "e_mail",
    "phone",
    "address",
    "recipient",
    "full_name",
    "card",
    "iban",
)
_MADE_HERE = {"level", "timestamp", "logger"}
_SECRET = "|".join(_SECRET_NAMES)


@dataclass(frozen=True)
class _Look:
    """How a value to hide looks; the pattern is tried only on text that has one of `hints`."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    instead: str = HIDDEN


_LOOKS = [
    # What PostgreSQL adds to a broken constraint is the whole row.
    _Look(("detail:",), re.compile(r"DETAIL:.*"), f"DETAIL: {HIDDEN}"),
    _Look(("@",), re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+\.[A-Za-z]{2,}")),
    _Look(
        ("bearer ", "basic "),
        re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE),
        rf"\1 {HIDDEN}",
    ),
    _Look(("eyj",), re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")),
    # The secret in the address of a mailed link, which error lines of Django's name.
    _Look(("/account/",), re.compile(r"(/account/[\w/-]*/)[\w-]{20,}\.[\w-]{20,}"), rf"\1{HIDDEN}"),
    _Look(("tok_", "pm_", "card_", "src_"), re.compile(r"\b(?:tok|pm|card|src)_\w+")),
    _Look(
        _SECRET_NAMES,
        re.compile(rf"(['\"]?\w*(?:{_SECRET})\w*['\"]?\s*[=:]\s*)[^\s,;)&]+", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
]
# What starts with 978 or 979 is a book's number, no card's.
_CARD = re.compile(r"\b(?!97[89])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{2,7}\b")


def hide_personal(
    logger: Any, method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide values by their key's name and by their look, in messages and tracebacks as well."""
    for key, value in line.items():
        if key not in _MADE_HERE:
            line[key] = HIDDEN if _names_something_hidden(key) else _hidden(value)
    return line


@lru_cache(maxsize=1024)
def _names_something_hidden(key: str) -> bool:
    return any(name in key.lower() for name in _SECRET_NAMES + _PERSONAL_NAMES)


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return _hidden_text(value)
    if isinstance(value, dict):
        return {
            key: HIDDEN if _names_something_hidden(str(key)) else _hidden(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_hidden(item) for item in value]
    return value


def _hidden_text(text: str) -> str:
    lowered = text.lower()
    for look in _LOOKS:
        if any(hint in lowered for hint in look.hints):
            text = look.pattern.sub(look.instead, text)
    return _CARD.sub(HIDDEN, text)
