"""A delivery slot as the staff desk's form takes it."""

from typing import Any

from django import forms

from commerce.models import DeliverySlot


class DeliverySlotForm(forms.ModelForm):
    """The table's fields; what makes sense of them together is for the service to say."""

    class Meta:
        model = DeliverySlot
        fields = ("day_of_week", "starts_at", "ends_at", "capacity", "is_active")

    def clean(self) -> dict[str, Any]:
        """Leave the table's constraints alone: their names are no sentences."""
        return self.cleaned_data
