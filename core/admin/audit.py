"""The audit trail: to be read, by managers."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from core import audit_names
from core.admin.actors import actor_name
from core.admin.base import ModelAdmin, ReadOnly
from core.admin.filters import DayRangeFilter
from core.models import AuditEntry
from core.selectors import audit

_NOTHING = "–"


class _ColumnFilter(DropdownFilter):
    """One of the values that a leading index column holds."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value) for value in audit.values_of(str(self.parameter_name))]

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
    ordering = ("-created_at", "-id")
    fields = ("created_at", "action", "entity", "actor", "changes", "circumstances", "request_id")
    in_palette = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return audit.trail()

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
        """The first few fields on one line, as they are stored: a list looks up no names."""
        rows = audit.differences(entry)
        short = "; ".join(
            f"{row.field}: {_bare(row.before)} → {_bare(row.after)}" for row in rows[:3]
        )
        return f"{short[:120]}…" if len(short) > 120 or len(rows) > 3 else short

    @admin.display(description=_("changes"))
    def changes(self, entry: AuditEntry) -> str:
        """Every field before and after, in words, as a table."""
        rows = [
            (
                audit_names.label_of(row.field),
                *(text or _NOTHING for text in audit_names.say(row.field, row.before, row.after)),
            )
            for row in audit.differences(entry)
        ]
        return _table((_("Field"), _("Before"), _("After")), rows)

    @admin.display(description=_("circumstances"))
    def circumstances(self, entry: AuditEntry) -> str:
        """What else is told of it, in words, as a table."""
        rows = [
            (audit_names.label_of(field), audit_names.say(field, value)[0] or _NOTHING)
            for field, value in entry.context.items()
        ]
        return _table((_("Field"), _("Value")), rows)


def _bare(value: Any) -> str:
    return audit_names.say("", value)[0] or _NOTHING


def _table(head: tuple[object, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return _NOTHING
    cells = format_html_join(
        "", '<th scope="col" class="pr-4 text-left">{}</th>', ((each,) for each in head)
    )
    body = format_html_join(
        "",
        '<tr><th scope="row" class="align-top font-medium pr-4 text-left">{}</th>{}</tr>',
        (
            (
                name,
                format_html_join("", '<td class="align-top pr-4">{}</td>', ((v,) for v in values)),
            )
            for name, *values in rows
        ),
    )
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", cells, body)
