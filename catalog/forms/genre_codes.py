"""A subject code as the staff desk's forms take it."""

from django import forms

from catalog.models import GenreCode


class GenreCodeForm(forms.ModelForm):
    """Codes are kept in capitals, as feeds send them."""

    class Meta:
        model = GenreCode
        fields = ("scheme", "code", "genre")

    def clean_code(self) -> str:
        """Return the code without blanks around it, in capitals."""
        return self.cleaned_data["code"].strip().upper()
