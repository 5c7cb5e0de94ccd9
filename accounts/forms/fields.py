"""Fields that several forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.validators import LONGEST_PASSWORD


class PasswordField(forms.CharField):
    """The password that somebody has; a password manager may fill it in."""

    def __init__(self, **options: Any) -> None:
        """Take the words of the form, where it has its own."""
        words: dict[str, Any] = {
            "label": _("Password"),
            "error_messages": {"required": _("Enter your password.")},
        }
        super().__init__(
            max_length=LONGEST_PASSWORD,
            strip=False,
            widget=forms.PasswordInput({"autocomplete": "current-password"}),
            **words | options,
        )


class NewPasswordField(forms.CharField):
    """A password to be; the service judges it."""

    def __init__(self, **options: Any) -> None:
        """Take the label of the form, where it has its own."""
        words: dict[str, Any] = {"label": _("Password")}
        super().__init__(
            max_length=LONGEST_PASSWORD,
            strip=False,
            help_text=_("At least 10 characters. Several words are easy to remember."),
            widget=forms.PasswordInput({"autocomplete": "new-password"}),
            error_messages={"required": _("Choose a password.")},
            **words | options,
        )
