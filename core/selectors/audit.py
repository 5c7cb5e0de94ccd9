"""Reading the audit trail, newest first; each filter walks an index in that order."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.days import midnight
from core.models import AuditEntry
from core.pagination import Page, Window, paginate
from core.rows import fetch_rows
from core.selectors.actors import with_actor_name

MOST_VALUES = 200
# One step down the index for each value, however many rows there are.
_DISTINCT = """
    WITH RECURSIVE found (value) AS (
        SELECT min({column}) FROM core_auditentry
        UNION ALL
        SELECT (SELECT min({column}) FROM core_auditentry WHERE {column} > found.value)
          FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found WHERE value IS NOT NULL LIMIT {most}
"""


@dataclass(frozen=True)
class Difference:
    """A field before and after; None where it said nothing."""

    field: str
    before: Any
    after: Any


def trail() -> QuerySet[AuditEntry]:
    """Return the whole trail in its order, each entry with its actor's address."""
    return with_actor_name(AuditEntry.objects.order_by("-created_at", "-id"))


def entries(window: Window, **asked: Any) -> Page[AuditEntry]:
    """Return a page of what `narrowed` finds (two queries)."""
    return paginate(narrowed(**asked), window)


def narrowed(
    *,
    entity_type: str = "",
    entity_id: str = "",
    action: str = "",
    actor: uuid.UUID | None = None,
    date_from: dt.date | None = None,
    date_to: dt.date | None = None,
) -> QuerySet[AuditEntry]:
    """Return the trail of what is asked for; both days are included, in the shop's time."""
    conditions = {
        "entity_type": entity_type or None,
        "entity_id": entity_id or None,
        "action": action or None,
        "actor_id": actor,
        "created_at__gte": date_from and midnight(date_from),
        "created_at__lt": date_to and midnight(date_to + dt.timedelta(days=1)),
    }
    return trail().filter(
        **{name: value for name, value in conditions.items() if value is not None}
    )


def values_of(column: str) -> list[str]:
    """Return what stands in a leading column of the trail's indexes, the first 200 values."""
    return [value for (value,) in fetch_rows(_DISTINCT.format(column=column, most=MOST_VALUES), [])]


def differences(entry: AuditEntry) -> list[Difference]:
    """Return the fields whose value changed, by name; of a creation or deletion all of them."""
    old, new = entry.old_value or {}, entry.new_value or {}
    return [
        Difference(name, old.get(name), new.get(name))
        for name in sorted(old | new)
        if old.get(name) != new.get(name)
    ]
