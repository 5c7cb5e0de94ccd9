"""Input that says exactly what it means."""

from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.utils.serializer_helpers import BindingDict

MOST_NAMED = 20  # of unknown fields: a megabyte of them must not cost two of answer


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer for input that refuses fields it does not know, as the contract promises."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown fields, naming the first `MOST_NAMED`; else validate as usual."""
        if isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {field: [_("Unknown field.")] for field in sorted(unknown)[:MOST_NAMED]}
                )
        return super().to_internal_value(data)


class BuiltOnce:
    """For serializers of output: their fields are built once for each class, not for each answer.

    DRF copies every declared field whenever a serializer is made, nested ones too: a sixth of the
    time of an answer with a cart. Fields that only show things know nothing of the answer they are
    in, so they can be shared; neither they nor methods may look at `self.context` or
    `self.instance`.
    """

    @property
    def fields(self) -> BindingDict:
        """The fields of the class, bound to an instance that holds no data."""
        built = _BUILT.get(type(self))
        if built is None:
            built = _BUILT[type(self)] = super(BuiltOnce, type(self)()).fields  # type: ignore[misc]
        return built


_BUILT: dict[type, BindingDict] = {}


class InstantField(serializers.DateTimeField):
    """A moment in UTC, as the contract promises; by itself DRF writes the store's time zone."""

    timezone = UTC
