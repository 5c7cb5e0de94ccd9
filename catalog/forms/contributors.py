"""Somebody who makes books, as the staff desk's form takes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog import text
from catalog.models import Contributor


class ContributorForm(forms.ModelForm):
    """An empty place in the order is made from the name."""

    class Meta:
        model = Contributor
        fields = ("name", "sort_name", "biography")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "sort_name" in self.fields:
            self.fields["sort_name"].required = False
            self.fields["sort_name"].help_text = _("Surname first; empty: made from the name.")

    def clean(self) -> dict[str, Any]:
        """Fold the place in the order, as every list expects it."""
        said = super().clean() or self.cleaned_data
        source = text.fold(said.get("sort_name") or "")
        said["sort_name"] = (source or text.sort_name_of(said.get("name") or ""))[:200]
        return said
