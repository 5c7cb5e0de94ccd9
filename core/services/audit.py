"""Writing the audit trail: one row in the very transaction of the change it speaks of."""

import uuid
from typing import Any

from core.models import AuditEntry
from core.request_context import current_request_id


def record_change(
    *,
    action: str,
    entity_type: str,
    entity_id: object,
    actor_id: uuid.UUID | None,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
) -> None:
    """Add an audit row (`action` is noun.verb). Values must be JSON and hold nothing personal.

    Joins the caller's transaction, so the row exists if and only if the change committed.
    """
    AuditEntry.objects.create(
        action=action,
        entity_type=entity_type,
        entity_id=str(entity_id),
        actor_id=actor_id,
        old_value=old,
        new_value=new,
        context=context or {},
        request_id=current_request_id(),
    )
