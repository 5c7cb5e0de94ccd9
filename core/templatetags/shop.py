"""Filters and tags every template may use (a template builtin)."""

from decimal import Decimal

from django import template
from django.http import QueryDict

from core.money import format_money
from core.pagination import Page

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """Write an amount with the store's currency; empty for None."""
    return "" if amount is None else format_money(amount)


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


@register.simple_tag
def page_link(query: QueryDict, number: int) -> str:
    """Return the query string of another page of a list; the first page needs no number."""
    return query_with(query, page=None if number == 1 else number)


@register.filter
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
