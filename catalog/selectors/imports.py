"""Rejected rows of an import, as its pages and its list show them."""

import uuid

from django.db.models import QuerySet

from catalog.models import ImportRejection


def rejections_of(run_id: uuid.UUID, *, code: str = "") -> QuerySet[ImportRejection]:
    """Return a run's rejected rows in the order of its file; with a `code` only those."""
    rows = ImportRejection.objects.filter(run=run_id).order_by("row")
    return rows.filter(code=code) if code else rows
