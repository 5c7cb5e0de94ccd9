"""What the kernel's own tables, and those of Django and the queue, hold about people."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from core import privacy, rows
from core.models import AuditEntry, SavedView
from core.services import idempotency


def declare() -> None:
    """Put the kernel's tables into the registry (called once, when the app is ready)."""
    _declare_own()
    _declare_libraries()
    privacy.export("activity", activity_of)
    privacy.export("saved_views", saved_views_of)
    privacy.erasure("core", erase=erase_person)


def erase_person(user_id: uuid.UUID) -> None:
    """Forget answers kept for replay, for an order's holds the address it goes to, and views."""
    idempotency.forget_scope(idempotency.scope_of_user(user_id))
    SavedView.objects.filter(owner_id=user_id).delete()


def saved_views_of(user_id: uuid.UUID) -> Iterable[Any]:
    """Return the views that somebody saved on the desk (one statement)."""
    views = SavedView.objects.filter(owner_id=user_id).order_by("pk")
    return views.values("page", "name", "query", "created_at")


def activity_of(user_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Return the audit rows about somebody, and those of what they did, to whatever it was.

    Of the latter only what and when: the values that staff changed may speak of others, and of
    accounts of others not even the id.
    """
    about_them = Q(entity_type="user", entity_id=str(user_id))
    entries = AuditEntry.objects.filter(about_them | Q(actor_id=user_id)).order_by("pk")
    for entry in rows.stream(entries):
        told = {
            "action": entry.action,
            "at": entry.created_at,
            "by": _by_whom(entry, user_id),
            "entity_type": entry.entity_type,
            "request_id": entry.request_id,
        }
        if entry.entity_type != "user":
            told["entity_id"] = entry.entity_id
        elif entry.entity_id == str(user_id):
            told |= {
                "entity_id": entry.entity_id,
                "old_value": entry.old_value,
                "new_value": entry.new_value,
                "context": entry.context,
            }
        yield told


def _by_whom(entry: AuditEntry, user_id: uuid.UUID) -> str:
    if entry.actor_id is None:
        return "unknown or the shop itself"
    return "you" if entry.actor_id == user_id else "staff"


def _declare_own() -> None:
    privacy.classify(
        "core.AuditEntry",
        why="who did what, for security and the books: ids and plain facts, nothing personal; "
        "append-only, so it stays, and its ids name nobody once the account is gone",
        fate=privacy.Fate.KEPT,
        section="activity",
        personal="action created_at",
        references="entity_id actor_id",
        other="id entity_type old_value new_value context request_id",
    )
    privacy.classify(
        "core.IdempotencyRecord",
        why="the answer to a purchase, kept for a day so that repeating it buys nothing twice",
        unexported="the order in the answer is in the export",
        personal="body",
        references="scope",
        other="id route key fingerprint state claimed_until reference status expires_at",
    )
    privacy.classify_impersonal(
        "core.MailDelivery",
        why="that a mail was sent, by an id of its own",
        other="id key claimed_until sent_at created_at",
    )
    privacy.classify(
        "core.SavedView",
        why="lists of the staff desk as an employee likes them",
        section="saved_views",
        personal="page name query created_at",
        references="owner_id",
        other="id",
    )


def _declare_libraries() -> None:
    privacy.classify(
        "admin.LogEntry",
        why="Django's own log of the desk, switched off: the audit trail tells more",
        unexported="nothing is written to it",
        personal="object_repr change_message",
        references="user",
        other="id action_time content_type object_id action_flag",
    )
    words = "names of tables and permissions"
    privacy.classify_impersonal("contenttypes.ContentType", why=words, other="id app_label model")
    privacy.classify_impersonal("auth.Permission", why=words, other="id name content_type codename")
    privacy.classify_impersonal("auth.Group", why=words, other="id name")
    privacy.classify_impersonal("auth.Group_permissions", why=words, other="id group permission")
    privacy.classify_impersonal(
        "procrastinate.ProcrastinateJob",
        why="jobs know ids only; one whose person is gone finds nobody and ends",
        references="args",
        other="id queue_name task_name priority lock status scheduled_at attempts queueing_lock "
        "abort_requested worker",
    )
    jobs = "when jobs ran"
    privacy.classify_impersonal(
        "procrastinate.ProcrastinateEvent", why=jobs, other="id job type at"
    )
    privacy.classify_impersonal(
        "procrastinate.ProcrastinateWorker", why=jobs, other="id last_heartbeat"
    )
    privacy.classify_impersonal(
        "procrastinate.ProcrastinatePeriodicDefer",
        why=jobs,
        other="id task_name defer_timestamp job periodic_id",
    )
