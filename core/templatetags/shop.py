"""Filters and tags every template may use (a template builtin)."""

from decimal import Decimal

from django import template
from django.http import QueryDict

from core.money import format_money

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
