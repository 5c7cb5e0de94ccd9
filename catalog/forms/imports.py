"""Handing in a file of books."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A file, and whether what books say already is to be kept."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, Excel workbook (XLSX), JSON lines or ONIX for Books, each also gzipped. "
            "What kind it is, we see in the file itself."
        ),
        allow_empty_file=True,
    )
    fills_gaps_only = forms.BooleanField(
        label=_("Fill gaps only"),
        help_text=_("Keep every fact that a book has; add only what is missing."),
        required=False,
    )
