"""Fields that several inputs share."""

from typing import Any

from rest_framework import serializers

from accounts.validators import LONGEST_PASSWORD


class PasswordField(serializers.CharField):
    """A password, with the spaces it was written with."""

    def __init__(self, **options: Any) -> None:
        """Refuse what is too long to be hashed."""
        super().__init__(max_length=LONGEST_PASSWORD, trim_whitespace=False, **options)
