"""Counting no further than somebody wants to know."""

from django.db.models import QuerySet
from django.utils.formats import number_format

MOST = 1_000


def capped(rows: QuerySet, most: int = MOST) -> int:
    """Return how many rows there are; `most` + 1 stands for more than `most` (1 query)."""
    return rows.order_by().values("pk")[: most + 1].count()


def written(number: int, most: int = MOST) -> str:
    """Return a capped count as people read it: "17", "1,000+"."""
    return f"{number_format(most, force_grouping=True)}+" if number > most else str(number)
