"""What a newcomer fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NewPasswordField
from accounts.validators import LONGEST_EMAIL, LONGEST_NAME


class RegistrationForm(forms.Form):
    """E-mail address, password, perhaps a name."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    password = NewPasswordField()
    full_name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
