"""The shape of what people type into a cart."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.models.carts import MOST_COPIES
from core.ids import BIGGEST_ID


class AddBookForm(forms.Form):
    """A book and how many copies of it."""

    book_id = forms.IntegerField(min_value=1, max_value=BIGGEST_ID, widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        label=_("Copies"), min_value=1, max_value=MOST_COPIES, required=False
    )

    def clean_quantity(self) -> int:
        """One copy where nothing was said."""
        return self.cleaned_data["quantity"] or 1


class QuantityForm(forms.Form):
    """How many copies a line should hold."""

    quantity = forms.IntegerField(label=_("Copies"), min_value=1, max_value=MOST_COPIES)
