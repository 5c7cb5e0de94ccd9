"""Facts of a book that have no column, as lines of "name: text"."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.text import tidy
from catalog.validators import validate_attributes


class AttributesField(forms.CharField):
    """A text of lines for people, a mapping of names to texts for programs."""

    def prepare_value(self, value: Any) -> Any:
        """Write a mapping as lines; what was typed stays as it was."""
        if not isinstance(value, Mapping):
            return value
        return "\n".join(f"{name}: {said}" for name, said in value.items())

    def to_python(self, value: Any) -> Any:
        """Read the lines; raise ValidationError naming the first that is no fact."""
        if isinstance(value, Mapping):
            return dict(value)
        facts: dict[str, str] = {}
        for line in (super().to_python(value) or "").splitlines():
            name, colon, said = (tidy(part) for part in line.partition(":"))
            if not (name or colon or said):
                continue
            if not (name and colon and said):
                raise ValidationError(_("“%s” is not “name: text”.") % line.strip()[:80])
            if name in facts:
                raise ValidationError(_("“%s” is there twice.") % name)
            facts[name] = said
        validate_attributes(facts)
        return facts

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the lines say something else."""
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True
