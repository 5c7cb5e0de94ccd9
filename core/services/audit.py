"""Writing the audit trail: one row in the very transaction of the change it speaks of."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
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


@dataclass(frozen=True, kw_only=True)
class Change:
    """One row of the trail, for `record_changes`; as the arguments of `record_change`."""

    entity_id: object
    old: dict[str, Any] | None = None
    new: dict[str, Any] | None = None
    context: dict[str, Any] = field(default_factory=dict)


def record_changes(
    changes: Iterable[Change], *, action: str, entity_type: str, actor_id: uuid.UUID | None
) -> None:
    """Add an audit row for each of many things that one action changed: one statement a thousand.

    Joins the caller's transaction, like `record_change`.
    """
    request_id = current_request_id()
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                action=action,
                entity_type=entity_type,
                entity_id=str(change.entity_id),
                actor_id=actor_id,
                old_value=change.old,
                new_value=change.new,
                context=change.context,
                request_id=request_id,
            )
            for change in changes
        ),
        batch_size=1_000,
    )
