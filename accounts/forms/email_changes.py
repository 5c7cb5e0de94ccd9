"""What people fill in to move to another address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PasswordField
from accounts.validators import LONGEST_EMAIL


class ChangeEmailForm(forms.Form):
    """The new address, and the password to show who asks."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        help_text=_("We send a link there. Your account keeps its old address until you open it."),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter the new address.")},
    )
    password = PasswordField()
