"""Fields that look rows up while one types, whatever is sent in their place."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey
from django.forms import Field
from django.http import HttpRequest

from core.admin import row_ids


class _Select(AutocompleteSelect):
    """Django's, which looks up what was sent before anybody asked whether it can be an id."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        """Show what was chosen, or nothing for what names no row."""
        model = self.field.remote_field.model
        chosen = [each for each in value if row_ids.may_be_id(model, each)]
        return super().optgroups(name, chosen, attr)


class SafeAutocompletes:
    """Mixin for model admins and inlines with `autocomplete_fields`."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Give autocomplete fields our widget."""
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            using = kwargs.get("using")
            widget = _Select(db_field, self.admin_site, using=using)  # type: ignore[attr-defined]
            kwargs.setdefault("widget", widget)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
