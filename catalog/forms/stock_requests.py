"""What an employee asks for at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from catalog.enums import StockRequestType
from catalog.models import StockRequest


class StockRequestForm(forms.ModelForm):
    """A wish for copies; says so itself when nothing is asked for."""

    class Meta:
        model = StockRequest
        fields = ("book", "branch", "type", "quantity", "reason")

    def clean(self) -> dict[str, Any]:
        """Refuse to add nothing."""
        said = super().clean() or {}
        adds = said.get("type") == StockRequestType.ADD_QUANTITY
        if adds and said.get("quantity") == 0:
            self.add_error("quantity", _("Ask for at least one copy."))
        return said
