"""The staff desk's base classes. Falling back to Django's own admin is a change of this package."""

from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget as PasswordWidget

from core.admin.base import ModelAdmin, ReadOnly
from core.admin.dialogs import DialogForm, answer, dialog_action
from core.admin.withdrawal import Withdrawable, WithdrawnFilter

__all__ = [
    "AutocompleteSelectFilter",
    "BooleanRadioFilter",
    "ChoicesDropdownFilter",
    "DialogForm",
    "DropdownFilter",
    "ModelAdmin",
    "PasswordWidget",
    "RangeDateFilter",
    "RangeDateTimeFilter",
    "ReadOnly",
    "RelatedDropdownFilter",
    "StackedInline",
    "TabularInline",
    "Withdrawable",
    "WithdrawnFilter",
    "answer",
    "dialog_action",
    "display",
]

from core.admin import audit as _audit  # noqa: F401  # registers the audit trail
