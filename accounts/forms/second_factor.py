"""Codes and names around a second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PasswordField
from accounts.services.passkeys import LONGEST_NAME
from accounts.validators import LONGEST_CODE


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code: both go into one field."""

    code = forms.CharField(
        label=_("Code"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Enter the code.")},
    )


class PasskeyNameForm(forms.Form):
    """What somebody calls a passkey."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("So that you know it again, like “My phone”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give it a name.")},
    )


class ConfirmForm(forms.Form):
    """The password once more."""

    password = PasswordField()
