"""What people fill in to get another password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import LONGEST_PASSWORD


class NewPasswordForm(forms.Form):
    """A password to be; the service judges it."""

    new_password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters. Several words are easy to remember."),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )


class ChangePasswordForm(NewPasswordForm):
    """The password of now, then the new one."""

    current_password = forms.CharField(
        label=_("Current password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your current password.")},
    )
    field_order = ("current_password", "new_password")
