"""A branch as the staff desk's form takes it."""

import re
from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class HoursField(forms.JSONField):
    """JSON, also when Python's reader gives up on it: endless numbers, bottomless nesting."""

    def to_python(self, value: Any) -> Any:
        """Return what the text says; raise ValidationError for what is not JSON."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            message = self.error_messages["invalid"]
            raise forms.ValidationError(message, code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what the form shows again: the text as it was typed if it cannot be read."""
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class BranchForm(forms.ModelForm):
    """Opening hours are a JSON object: a day's [from, to], or null for a day off."""

    class Meta:
        model = Branch
        fields = (
            "name",
            "slug",
            "address",
            "phone",
            "is_warehouse",
            "is_active",
            "opening_hours",
        )
        field_classes = {"opening_hours": HoursField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "opening_hours" in self.fields:
            self.fields["opening_hours"].help_text = _(
                'For example {"mon": ["09:00", "19:00"], "sat": null}.'
            )

    def clean_is_warehouse(self) -> bool:
        """Refuse a second warehouse: deliveries leave from one."""
        said = self.cleaned_data["is_warehouse"]
        others = Branch.objects.filter(is_warehouse=True, deleted_at=None)
        if said and others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a warehouse already. Unmark that one first."))
        return said

    def clean_opening_hours(self) -> dict[str, Any]:
        """Refuse anything but days with two times or null."""
        said = self.cleaned_data["opening_hours"] or {}
        if not isinstance(said, dict) or not all(_is_day(*pair) for pair in said.items()):
            raise forms.ValidationError(
                _("Give each day (mon to sun) its two times, or null for a day off.")
            )
        return said


def _is_day(day: str, hours: Any) -> bool:
    if day not in DAYS:
        return False
    if hours is None:
        return True
    if not (isinstance(hours, list) and len(hours) == 2):
        return False
    return all(isinstance(time, str) and _TIME.fullmatch(time) for time in hours) and (
        hours[0] < hours[1]
    )
