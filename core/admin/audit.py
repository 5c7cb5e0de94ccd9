"""The audit trail: to be read, by managers."""

from typing import Any

from django.contrib import admin
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from core.admin.actors import actor_name, with_actor_name
from core.admin.base import ModelAdmin, ReadOnly
from core.admin.filters import DayRangeFilter
from core.models import AuditEntry

_NOTHING = "–"
# One step down the index for each value, however many rows there are.
_DISTINCT = """
    WITH RECURSIVE found (value) AS (
        SELECT min({column}) FROM core_auditentry
        UNION ALL
        SELECT (SELECT min({column}) FROM core_auditentry WHERE {column} > found.value)
          FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found WHERE value IS NOT NULL LIMIT 200
"""


class _ColumnFilter(DropdownFilter):
    """One of the values that a leading index column holds."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(_DISTINCT.format(column=self.parameter_name))
            return [(value, value) for (value,) in cursor.fetchall()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value else queryset


class EntityFilter(_ColumnFilter):
    """What kind of thing was changed."""

    title = _("entity")
    parameter_name = "entity_type"


class ActionFilter(_ColumnFilter):
    """What was done."""

    title = _("action")
    parameter_name = "action"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ModelAdmin):
    """Who did what to which thing, newest first; the search field takes the thing's id."""

    list_display = ("created_at", "action", "entity", "changes_in_short", "actor")
    list_filter = (EntityFilter, ActionFilter, ("created_at", DayRangeFilter))
    search_fields = ("entity_id",)
    search_help_text = _("Id of the thing")
    ordering = ("-id",)
    fields = ("created_at", "action", "entity", "actor", "changes", "context", "request_id")
    in_palette = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_actor_name(super().get_queryset(request))

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        return queryset.filter(entity_id=term)

    @admin.display(description=_("entity"))
    def entity(self, entry: AuditEntry) -> str:
        """Kind and id of the thing."""
        return f"{entry.entity_type} {entry.entity_id}"

    @admin.display(description=_("actor"))
    def actor(self, entry: AuditEntry) -> str:
        """Who did it."""
        return actor_name(entry)

    @admin.display(description=_("changes"))
    def changes_in_short(self, entry: AuditEntry) -> str:
        """The first few fields on one line."""
        rows = _differences(entry)
        short = "; ".join(f"{name}: {old} → {new}" for name, old, new in rows[:3])
        return f"{short[:120]}…" if len(short) > 120 or len(rows) > 3 else short

    @admin.display(description=_("changes"))
    def changes(self, entry: AuditEntry) -> str:
        """Every field before and after, as a table."""
        body = format_html_join(
            "",
            '<tr><th scope="row" class="pr-4 text-left font-medium">{}</th>'
            '<td class="pr-4">{}</td><td>{}</td></tr>',
            _differences(entry),
        )
        head = format_html(
            '<thead><tr><th scope="col" class="pr-4 text-left">{}</th>'
            '<th scope="col" class="pr-4 text-left">{}</th>'
            '<th scope="col" class="text-left">{}</th></tr></thead>',
            _("Field"),
            _("Before"),
            _("After"),
        )
        return format_html("<table>{}<tbody>{}</tbody></table>", head, body) if body else _NOTHING


def _differences(entry: AuditEntry) -> list[tuple[str, str, str]]:
    old = entry.old_value or {}
    new = entry.new_value or {}
    return [
        (name, _shown(old.get(name)), _shown(new.get(name)))
        for name in sorted(old | new)
        if old.get(name) != new.get(name)
    ]


def _shown(value: Any) -> str:
    if value in (None, ""):
        return _NOTHING
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)
