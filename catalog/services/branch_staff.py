"""Tying employees to branches: who is tied sees those branches' orders only."""

import uuid
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog import errors
from catalog.models import Branch, BranchStaff
from catalog.selectors import branch_staff
from core import locks
from core.errors import Invalid
from core.roles import Role
from core.services import audit


def set_staff(*, branch_id: int, user_ids: Iterable[uuid.UUID], actor_id: uuid.UUID | None) -> None:
    """Make these people, and nobody else, the staff of a branch. Safe to repeat.

    Locks the branch, then the people. Audit `branch.staff_changed` if anything changed. Raises
    `BranchNotFound`, `Busy`, and `Invalid` naming the ids that are nobody's or a customer's.
    """
    wanted = set(user_ids)
    with transaction.atomic():
        branch = locks.lock_row(Branch.objects.filter(pk=branch_id))
        if branch is None:
            raise errors.BranchNotFound(branch_id=branch_id)
        _check_are_staff(wanted)
        before = branch_staff.ids_of_staff(branch_id)
        if before == wanted:
            return
        BranchStaff.objects.filter(branch_id=branch_id, user_id__in=before - wanted).delete()
        BranchStaff.objects.bulk_create(
            BranchStaff(branch_id=branch_id, user_id=user_id) for user_id in sorted(wanted - before)
        )
        audit.record_change(
            action="branch.staff_changed",
            entity_type="branch",
            entity_id=branch_id,
            actor_id=actor_id,
            old={"user_ids": _texts(before)},
            new={"user_ids": _texts(wanted)},
        )


def drop_ties(*, user_id: uuid.UUID, actor_id: uuid.UUID | None) -> None:
    """Untie somebody who is no longer staff from every branch.

    Joins the caller's transaction, which holds the user locked. Audit `user.branches_left` if
    there was any.
    """
    ties = BranchStaff.objects.filter(user_id=user_id)
    branch_ids = sorted(ties.values_list("branch_id", flat=True))
    if not branch_ids:
        return
    ties.delete()
    audit.record_change(
        action="user.branches_left",
        entity_type="user",
        entity_id=user_id,
        actor_id=actor_id,
        old={"branch_ids": branch_ids},
        new={"branch_ids": []},
    )


def _check_are_staff(user_ids: set[uuid.UUID]) -> None:
    # Under lock: who is being made a customer this moment must not end up tied.
    people = locks.lock_rows(get_user_model()._default_manager.filter(pk__in=user_ids))
    staff = {
        person.pk
        for person in people
        if Role(person.role).includes(Role.EMPLOYEE)  # type: ignore[attr-defined]
    }
    strangers = _texts(user_ids - staff)
    if strangers:
        message = _("Not staff: {0}.").format(", ".join(strangers))
        raise Invalid(fields={"user_ids": [message]})


def _texts(user_ids: Iterable[uuid.UUID]) -> list[str]:
    return sorted(map(str, user_ids))
