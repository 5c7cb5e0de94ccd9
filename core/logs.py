"""Log lines that can be handed to anybody: no password, token, card, address or e-mail address.

The first rule is not to log such values at all; this is the net under it, for what libraries and
tracebacks say.
"""

import re
from collections.abc import MutableMapping
from typing import Any

HIDDEN = "[hidden]"
_SECRET_NAMES = r"password|passwd|secret|token|authorization|cookie|session|signature|api_?key"  # noqa: S105  # names only
_PERSONAL_NAMES = r"e_?mail|phone|address|recipient|full_name|card|iban"
_HIDDEN_NAME = re.compile(f"{_SECRET_NAMES}|{_PERSONAL_NAMES}", re.IGNORECASE)
_HIDDEN_VALUES: list[tuple[re.Pattern[str], str]] = [
    # What PostgreSQL adds to a broken constraint is the whole row.
    (re.compile(r"DETAIL:.*"), f"DETAIL: {HIDDEN}"),
    (re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+\.[A-Za-z]{2,}"), HIDDEN),
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"\b(?:tok|pm|card|src)_\w+"), HIDDEN),
    # Card numbers; what starts with 978 or 979 is a book's.
    (re.compile(r"\b(?!97[89])\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{2,7}\b"), HIDDEN),
    (
        re.compile(rf"(['\"]?\w*(?:{_SECRET_NAMES})\w*['\"]?\s*[=:]\s*)[^\s,;)&]+", re.IGNORECASE),
        rf"\1{HIDDEN}",
    ),
]


def hide_personal(
    logger: Any, method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide values by their key's name and by their look, in messages and tracebacks as well."""
    for key, value in line.items():
        line[key] = HIDDEN if _HIDDEN_NAME.search(key) else _hidden(value)
    return line


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, instead in _HIDDEN_VALUES:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, dict):
        return {
            key: HIDDEN if _HIDDEN_NAME.search(str(key)) else _hidden(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_hidden(item) for item in value]
    return value
