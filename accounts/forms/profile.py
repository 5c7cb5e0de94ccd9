"""What people say about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import LONGEST_NAME


class ProfileForm(forms.Form):
    """The name, which may be left empty."""

    full_name = forms.CharField(
        label=_("Name"),
        help_text=_("How we address you, and the name preset for deliveries."),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
