"""Which facts of books are of our own making: staff wrote them, no feed did."""

from collections import defaultdict
from collections.abc import Collection

from core.models import AuditEntry

_WRITTEN = ("book.created", "book.updated", "book.restored")
_COLUMNS = {"publisher_id": "publisher", "series_id": "series", "series_number": "series"}


def facts_by_hand(book_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the names of the facts that staff wrote by hand, by book: one query for all.

    The audit trail tells: each save on the desk or through the API names what it changed.
    """
    trail = AuditEntry.objects.filter(
        entity_type="book", entity_id__in=[str(pk) for pk in book_ids], action__in=_WRITTEN
    )
    facts: dict[int, set[str]] = defaultdict(set)
    for book_id, written in trail.values_list("entity_id", "new_value"):
        facts[int(book_id)].update(_COLUMNS.get(name, name) for name in written or {})
    return facts
