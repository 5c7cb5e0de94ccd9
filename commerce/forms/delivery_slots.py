"""A delivery slot as the staff desk's form takes it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.models import DeliverySlot

OPENS = dt.time(6)
CLOSES = dt.time(22)


class DeliverySlotForm(forms.ModelForm):
    """Says in words what the table's constraints refuse."""

    class Meta:
        model = DeliverySlot
        fields = ("day_of_week", "starts_at", "ends_at", "capacity", "is_active")

    def clean(self) -> dict[str, Any]:
        """Refuse hours out of order or outside the day."""
        said = super().clean() or self.cleaned_data
        starts, ends = said.get("starts_at"), said.get("ends_at")
        if starts and starts < OPENS:
            self.add_error("starts_at", _("Nobody delivers before 6:00."))
        if ends and ends > CLOSES:
            self.add_error("ends_at", _("Nobody delivers after 22:00."))
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("A slot ends after it starts."))
        return said
