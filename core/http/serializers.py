"""Input that says exactly what it means."""

from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer for input that refuses fields it does not know, as the contract promises."""

    def to_internal_value(self, data: Any) -> Any:
        """Validate as usual, then name every unknown field."""
        if isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {field: [_("Unknown field.")] for field in sorted(unknown)}
                )
        return super().to_internal_value(data)


class InstantField(serializers.DateTimeField):
    """A moment in UTC, as the contract promises; by itself DRF writes the store's time zone."""

    timezone = UTC
