"""What a returning reader fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PasswordField
from accounts.validators import LONGEST_EMAIL


class SignInForm(forms.Form):
    """E-mail address and password; a password manager may fill in both."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    password = PasswordField()
