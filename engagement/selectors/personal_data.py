"""What an export says of somebody's part in engagement."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast

from core import rows
from core.models import AuditEntry
from engagement.models import StaffPick


def staff_picks_of(user_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Return the picks that somebody entered at the staff desk (one statement).

    A pick names its bookseller by a name only; who entered it the audit trail knows.
    """
    entered = (
        AuditEntry.objects.filter(actor_id=user_id, action="staff_pick.created")
        .annotate(pick_id=Cast("entity_id", BigIntegerField()))
        .values("pick_id")
    )
    picks = StaffPick.objects.filter(pk__in=entered).order_by("pk")
    return rows.stream(
        picks.values("note", "picked_on", "book_id", title=F("book__title"), isbn=F("book__isbn13"))
    )
