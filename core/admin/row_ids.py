"""Whether what a browser sent can be the id of a row at all; Django would ask and fail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model


def may_be_id(model: type[Model], said: Any) -> bool:
    """Whether `said` has the form of this model's ids; there need not be such a row."""
    try:
        model._meta.pk.clean(said, None)
    except ValidationError:
        return False
    return True
