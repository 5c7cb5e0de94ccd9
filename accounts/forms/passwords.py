"""What people fill in to get another password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NewPasswordField, PasswordField


class NewPasswordForm(forms.Form):
    """A password to be."""

    new_password = NewPasswordField(label=_("New password"))


class ChangePasswordForm(NewPasswordForm):
    """The password of now, then the new one."""

    current_password = PasswordField(
        label=_("Current password"),
        error_messages={"required": _("Enter your current password.")},
    )
    field_order = ("current_password", "new_password")
