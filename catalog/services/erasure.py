"""The catalogue's part in deleting an account."""

import uuid

from catalog.models import BranchStaff


def erase_person(user_id: uuid.UUID) -> None:
    """Untie an employee from their branches. Joins the caller's transaction."""
    BranchStaff.objects.filter(user_id=user_id).delete()
