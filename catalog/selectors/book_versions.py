"""What a list's text depends on: read instead of the books when the text may be known already."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from core.rows import fetch_rows

# Prices and stock stand here by themselves: they must be right whatever a version says.
COLUMNS = """
    book.id, book.version, book.updated_at, book.price, book.is_in_stock, book.published_on,
    book.on_sale_on, book.is_preorder_allowed, book.deleted_at
"""
_VERSIONS = f"SELECT {COLUMNS} FROM catalog_book book WHERE book.id = ANY(%s) ORDER BY book.id"  # noqa: S608


def versions_of(ids: Sequence[int]) -> list[Any]:
    """Return what cards of these books depend on, the day included (one query)."""
    rows: list[Any] = fetch_rows(_VERSIONS, [list(ids)]) if ids else []
    return [timezone.localdate(), *ids, *rows]
