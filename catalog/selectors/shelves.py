"""Short shelves and the index of subjects: what front pages show, for a handful of queries."""

from dataclasses import dataclass, field

from catalog.enums import BookSort
from catalog.models import Book
from catalog.selectors import books, genres
from catalog.selectors.genres import GenreLink


@dataclass(frozen=True)
class Subject(GenreLink):
    """A genre and those right below it, without counts."""

    below: list[GenreLink] = field(default_factory=list)


def newest_ids(count: int) -> list[int]:
    """Return the ids of the newest books that are for sale (one query)."""
    return list(books.ordered(Book.objects.for_sale(), BookSort.NEWEST)[:count])


def in_stock_ids(count: int) -> list[int]:
    """Return the ids of books that came last to the shelves and are there today (one query)."""
    here = Book.objects.for_sale().filter(is_in_stock=True)
    return list(here.order_by("-id").values_list("id", flat=True)[:count])


def subjects() -> list[Subject]:
    """Return the top genres with those right below them (one query)."""
    rows = genres.active_links().values()
    tops = {row.id: Subject(row.id, row.name, row.slug, None) for row in rows if not row.parent_id}
    for row in rows:
        if row.parent_id in tops:
            tops[row.parent_id].below.append(row)
    return list(tops.values())
