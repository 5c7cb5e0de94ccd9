"""What somebody fills in who deletes their account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import LONGEST_PASSWORD


class DeletionForm(forms.Form):
    """The password, from those who have one; others have proved themselves already."""

    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        """Leave the field out for accounts without a password."""
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["password"]
