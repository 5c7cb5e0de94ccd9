"""Who works where, and which branches somebody at the desk may see."""

import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet

from catalog import errors
from catalog.models import Branch, BranchStaff
from core.roles import Role


def branches_of(user: Any) -> list[int] | None:
    """Return the ids of the branches that an employee is tied to; None: they see all branches.

    All is what managers see, and employees without ties (one query for employees, else none).
    """
    if user.has_role(Role.MANAGER):
        return None
    ties = BranchStaff.objects.filter(user_id=user.pk).order_by("branch_id")
    return list(ties.values_list("branch_id", flat=True)) or None


def staff_of(branch_id: int) -> QuerySet[AbstractBaseUser]:
    """Return the people tied to a branch, by address. Raises `BranchNotFound`."""
    if not Branch.objects.filter(pk=branch_id).exists():
        raise errors.BranchNotFound(branch_id=branch_id)
    people = get_user_model()._default_manager
    return people.filter(branch_ties__branch_id=branch_id).order_by("email")


def ids_of_staff(branch_id: int) -> set[uuid.UUID]:
    """Return the ids of the people tied to a branch."""
    return set(BranchStaff.objects.filter(branch_id=branch_id).values_list("user_id", flat=True))
