"""What somebody fills in who deletes their account."""

from typing import Any

from django import forms

from accounts.forms.fields import PasswordField


class DeletionForm(forms.Form):
    """The password, from those who have one; others have proved themselves already."""

    password = PasswordField()

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        """Leave the field out for accounts without a password."""
        super().__init__(*args, **kwargs)
        if not has_password:
            del self.fields["password"]
