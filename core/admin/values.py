"""What the audit trail says of a row that the default save changed."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def noun_of(model: type[Model]) -> str:
    """Return the word for a model in the audit trail: "staff_pick" for StaffPick."""
    return _WORD_START.sub("_", model.__name__).lower()


def plain_values(obj: Model, names: Iterable[str]) -> dict[str, Any]:
    """Return the named columns as JSON can hold them; relations as ids."""
    wanted = set(names)
    return {
        field.name: _plain(field.value_from_object(obj))
        for field in obj._meta.concrete_fields
        if field.name in wanted
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str, dict, list)):
        return value
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)
