"""Pages of long tables without counting them to the end."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

from core.pagination import EXACT_UP_TO


class CappedPaginator(Paginator):
    """Counts no further than `EXACT_UP_TO`: whoever is there needs a filter, not page 201."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `EXACT_UP_TO`."""
        rows: QuerySet = self.object_list  # type: ignore[assignment]
        # Bare keys: what a list adds to its rows is not worked out to be counted.
        return rows.order_by().values("pk")[:EXACT_UP_TO].count()

    @property
    def is_capped(self) -> bool:
        """Whether there may be more rows than `count`; lists say so."""
        return self.count >= EXACT_UP_TO
