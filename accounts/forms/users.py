"""Accounts as the staff desk's forms take them; services decide about the rest."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class UserForm(forms.ModelForm):
    """An account that exists."""

    class Meta:
        model = User
        fields = ("email", "full_name", "role", "is_active", "is_verified")


class NewUserForm(forms.ModelForm):
    """An account to be made, with its first password."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters, not a common word, not like the address."),
    )

    class Meta:
        model = User
        fields = ("email", "full_name", "role")
