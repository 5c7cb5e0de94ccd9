"""Lists of the staff desk that somebody keeps."""

import uuid

from core.models import SavedView


def views_of(owner_id: uuid.UUID, page: str) -> list[SavedView]:
    """Return somebody's views of a list, "catalog.book", by name (1 query)."""
    return list(SavedView.objects.filter(owner_id=owner_id, page=page).order_by("name"))
