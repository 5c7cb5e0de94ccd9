"""Filters and tags every template may use (a template builtin)."""

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from core import languages
from core.days import written_day
from core.money import format_money
from core.pagination import Page

register = template.Library()
_HARMLESS = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.filter
def money(amount: Decimal | None) -> str:
    """Write an amount with the store's currency; empty for None."""
    return "" if amount is None else format_money(amount)


@register.filter
def day_in_words(day: dt.date | None, known_to: str = "DAY") -> str:
    """Write a date, as much of it as is known; empty for None."""
    return "" if day is None else written_day(day, known_to)


@register.filter
def language_name(code: str) -> str:
    """Write a language's name in the reader's language."""
    return languages.language_name(code)


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """Write a data block for search engines; nothing in it can end the block."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_HARMLESS)
    return mark_safe(f'<script type="application/ld+json">{written}</script>')  # noqa: S308


@register.simple_tag
def query_with(query: QueryDict, **changes: object) -> str:
    """Return the query string with some parameters changed; None or "" removes one."""
    changed = query.copy()
    for name, value in changes.items():
        if value in (None, ""):
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"


@dataclass(frozen=True)
class PageLink:
    """A page of a list and its address; neither for a gap."""

    number: int | None
    href: str


@dataclass(frozen=True)
class PageLinks:
    """The ways from one page of a list to others; empty where there is none."""

    previous: str
    next: str
    numbers: list[PageLink]


@register.simple_tag
def page_links(page: Page[object], query: QueryDict) -> PageLinks:
    """Return links to other pages that keep the rest of the query; the first needs no number."""
    kept = query.copy()
    kept.pop("page", None)
    rest = kept.urlencode()

    def href(number: int) -> str:
        if number == 1:
            return f"?{rest}"
        return f"?{rest}&page={number}" if rest else f"?page={number}"

    return PageLinks(
        previous=href(page.number - 1) if page.number > 1 else "",
        next=href(page.number + 1) if page.has_next else "",
        numbers=[PageLink(n, href(n) if n else "") for n in page_numbers(page)],
    )


def page_numbers(page: Page[object]) -> list[int | None]:
    """Return the pages to link: the first, those around this one, the last; None is a gap.

    The last page is known only where the list was counted to its end.
    """
    last = page.pages if page.total_is_exact else page.number + page.has_next
    wanted = {1, last, *range(page.number - 1, page.number + 2)}
    numbers: list[int | None] = []
    for number in sorted(n for n in wanted if 1 <= n <= last):
        before = numbers[-1] if numbers else 0
        if before and number > before + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers
