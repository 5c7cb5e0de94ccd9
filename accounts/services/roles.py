"""Who may do what."""

import uuid

from django.db import transaction

from accounts import signals
from accounts.models import User
from accounts.services import tokens
from core import locks
from core.errors import NotFound
from core.roles import Role
from core.services import audit

ROLE_CHANGED = "role changed"


def change_role(*, user_id: uuid.UUID, role: Role, actor_id: uuid.UUID | None) -> User:
    """Give a user another role; every token and session of theirs dies with the old one.

    Locks the user. Raises `NotFound`, `Busy`. Nothing happens if they have the role already. Sends
    `signals.role_changed` inside the transaction.
    """
    with transaction.atomic():
        user = locks.lock_row(User.objects.filter(pk=user_id))
        if user is None:
            raise NotFound
        if user.role == role:
            return user
        before = user.role
        user.role = role
        user.save(update_fields=["role", "is_superuser"])
        tokens.end_all_of(user_id=user.pk, because=ROLE_CHANGED)
        user.refresh_from_db(fields=["token_version"])
        audit.record_change(
            action="user.role_changed",
            entity_type="user",
            entity_id=user.pk,
            actor_id=actor_id,
            old={"role": before},
            new={"role": role.value},
        )
        signals.role_changed.send(
            sender=User, user_id=user.pk, old=Role(before), new=role, actor_id=actor_id
        )
    return user
