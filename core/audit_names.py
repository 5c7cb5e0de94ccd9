"""Names for what the audit trail tells: it stores bare ids and columns, people read words.

Each app says, in `apps.ready`, what the fields of its entries are called and how to name the rows
whose ids stand in them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

type Lookup = Callable[[Collection[int]], Mapping[int, str]]


@dataclass(frozen=True)
class _Name:
    label: str | Promise
    lookup: Lookup | None


_names: dict[str, _Name] = {}


def name_field(field: str, label: str | Promise, lookup: Lookup | None = None) -> None:
    """Call `field` of audit entries `label`; `lookup` names the rows whose ids it holds."""
    _names[field] = _Name(label, lookup)


def label_of(field: str) -> str:
    """Return what a field is called; one that nobody named is called as it is spelled."""
    known = _names.get(field)
    return str(known.label) if known else field.removesuffix("_id").replace("_", " ").capitalize()


def say(field: str, *values: Any) -> list[str]:
    """Return values of one field as people read them, "" for nothing (one query at most)."""
    known = _names.get(field)
    ids = {number for value in values for number in _numbers(value)}
    found = known.lookup(ids) if known and known.lookup and ids else {}
    return [_said(value, found) for value in values]


def _numbers(value: Any) -> list[int]:
    if isinstance(value, list):
        return [number for each in value for number in _numbers(each)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []


def _said(value: Any, names: Mapping[int, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_part(each, names) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_said(each, names)}" for key, each in value.items())
    return names.get(value, str(value)) if isinstance(value, int) else str(value)


def _part(value: Any, names: Mapping[int, str]) -> str:
    """A member of a list; one that is a list itself has its first member's name first."""
    if isinstance(value, list) and value:
        first, *rest = (_said(each, names) for each in value)
        return f"{first} ({', '.join(rest)})" if rest else first
    return _said(value, names)
