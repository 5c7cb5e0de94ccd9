"""Pages of a list, the same for the API and the browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid, NotFound

DEFAULT_SIZE = 20
MOST_ITEMS = 100
EXACT_UP_TO = 10_000


@dataclass(frozen=True)
class Window:
    """Which part of a list is asked for: `size` items from `offset` on."""

    offset: int
    size: int

    @property
    def number(self) -> int:
        """The page this window is, counted from 1."""
        return self.offset // self.size + 1


@dataclass(frozen=True)
class Page[T]:
    """One page and what surrounds it. `total` is exact up to `EXACT_UP_TO`."""

    items: list[T]
    number: int
    size: int
    offset: int
    total: int
    total_is_exact: bool
    has_next: bool

    @property
    def pages(self) -> int:
        """How many pages there are (at least 1)."""
        return max(1, -(-self.total // self.size))

    def with_items[U](self, items: list[U]) -> "Page[U]":
        """Return the same page of other items (cards for the ids it was found by)."""
        return Page(
            items=items,
            number=self.number,
            size=self.size,
            offset=self.offset,
            total=self.total,
            total_is_exact=self.total_is_exact,
            has_next=self.has_next,
        )


class PageNotFound(NotFound):
    """A page past the end."""

    sentence = _("There is no such page in this list.")


def read_window(query: Mapping[str, str], *, default_size: int = DEFAULT_SIZE) -> Window:
    """Read page and size, or limit and offset, from a query; raise `Invalid` when out of range."""
    if "limit" in query or "offset" in query:
        size = _whole_number(query, "limit", default_size, least=1, most=MOST_ITEMS)
        offset = _whole_number(query, "offset", 0, least=0, most=10_000_000)
        return Window(offset=offset, size=size)
    size = _whole_number(query, "size", default_size, least=1, most=MOST_ITEMS)
    number = _whole_number(query, "page", 1, least=1, most=1_000_000)
    return Window(offset=(number - 1) * size, size=size)


def paginate[M: models.Model, Row](queryset: models.QuerySet[M, Row], window: Window) -> Page[Row]:
    """Fetch one page with its total: two queries, whatever the size of the list.

    Counting stops just past `EXACT_UP_TO`: a reader gains nothing from an exact seven digits.
    Raises `PageNotFound` past the end (the first page always exists).
    """
    total = queryset.order_by()[: EXACT_UP_TO + 1].count()
    exact = total <= EXACT_UP_TO
    if exact and window.offset >= total and window.offset > 0:
        raise PageNotFound
    items = list(queryset[window.offset : window.offset + window.size + 1])
    if not items and window.offset > 0:
        raise PageNotFound
    return Page(
        items=items[: window.size],
        number=window.number,
        size=window.size,
        offset=window.offset,
        total=total if exact else max(EXACT_UP_TO, window.offset + len(items)),
        total_is_exact=exact,
        has_next=len(items) > window.size,
    )


def page_of[Row](items: Sequence[Row], window: Window) -> Page[Row]:
    """Return one page of a short list that is in memory as a whole; raise `PageNotFound`."""
    shown = list(items[window.offset : window.offset + window.size])
    if not shown and window.offset > 0:
        raise PageNotFound
    return Page(
        items=shown,
        number=window.number,
        size=window.size,
        offset=window.offset,
        total=len(items),
        total_is_exact=True,
        has_next=window.offset + window.size < len(items),
    )


def _whole_number(
    query: Mapping[str, str], name: str, default: int, *, least: int, most: int
) -> int:
    raw = query.get(name)
    if raw is None or raw == "":
        return default
    if len(raw) <= 8 and raw.isascii() and raw.isdigit() and least <= int(raw) <= most:
        return int(raw)
    raise Invalid(fields={name: [_("Between {0} and {1}.").format(least, most)]})
