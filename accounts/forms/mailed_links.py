"""What the pages ask that send a link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import LONGEST_EMAIL


class EmailForm(forms.Form):
    """An address, whosever it may be."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
