"""What an export says of somebody's part in the catalogue."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from catalog.models import BranchStaff


def branches_of(user_id: uuid.UUID) -> Iterable[Any]:
    """Return the branches that somebody works in (one statement)."""
    ties = BranchStaff.objects.filter(user_id=user_id).order_by("pk")
    return ties.values("branch_id", name=F("branch__name"))
