"""Rows inside a form: named for screen readers, without a line that repeats them as text."""

from typing import Any

from django.db.models import Field
from django.http import HttpRequest
from unfold.admin import StackedInline as UnfoldStackedInline
from unfold.admin import TabularInline as UnfoldTabularInline

from core.admin.autocompletes import SafeAutocompletes

# A form says how many rows it has: a thousand times as many would be rendered again, for seconds.
MOST_ROWS = 200


class _Named(SafeAutocompletes):
    show_title = False
    view_on_site = False
    max_num = MOST_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Take no more rows than anybody has to fill in, whatever the request says."""
        limits = {"absolute_max": 2 * MOST_ROWS}
        return super().get_formset(request, obj, **limits | kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """A table's cells have no label of their own: the column's name becomes theirs."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", str(field.label))
        return field


class TabularInline(_Named, UnfoldTabularInline):
    """Rows as a table."""


class StackedInline(_Named, UnfoldStackedInline):
    """Rows as small forms."""


def kept_rows(formset: Any) -> list[dict[str, Any]]:
    """Return what a valid formset says, without rows that are empty or ticked for removal."""
    deleted = formset.deleted_forms
    return [
        form.cleaned_data for form in formset.forms if form.cleaned_data and form not in deleted
    ]
