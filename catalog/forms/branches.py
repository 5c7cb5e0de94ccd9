"""A branch as the staff desk's form takes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Branch
from core.errors import Invalid
from core.opening_hours import LONGEST_TEXT, OpeningHours


class HoursField(forms.CharField):
    """Opening hours as lines; what comes out is the form that is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, required=False, empty_value="", **kwargs)

    def prepare_value(self, value: Any) -> str:
        """Return the lines of stored hours; what somebody typed stays as it is."""
        return OpeningHours.read(value).as_text() if isinstance(value, dict) else value or ""

    def clean(self, value: Any) -> dict[str, Any]:
        """Return stored hours; raise ValidationError for lines that make no sense."""
        try:
            return OpeningHours.read_text(super().clean(value)).as_json()
        except Invalid as refusal:
            raise forms.ValidationError(refusal.data["fields"]["opening_hours"]) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant, not how it is written."""
        try:
            return self.clean(data) != OpeningHours.read(initial or {}).as_json()
        except forms.ValidationError:
            return True


class BranchForm(forms.ModelForm):
    """Opening hours are lines, one for a day, for days or for a date."""

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
        # Beside the postal address, "address" alone would be either.
        labels = {"slug": _("Name in addresses of pages")}

    opening_hours = HoursField(
        label=_("Opening hours"),
        widget=forms.Textarea,
        help_text=_(
            "One line for each day: “mon-thu 09:00-13:00, 16:00-19:00”, “sat closed”, and for "
            "special days “2026-12-25 closed”. A day without a line is not shown."
        ),
    )
