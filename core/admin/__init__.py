"""The staff desk's base classes. Falling back to Django's own admin is a change of this package."""

from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget as DecimalWidget
from unfold.widgets import UnfoldAdminIntegerFieldWidget as IntegerWidget
from unfold.widgets import UnfoldAdminPasswordWidget as PasswordWidget
from unfold.widgets import UnfoldAdminSelectWidget as SelectWidget
from unfold.widgets import UnfoldAdminTextareaWidget as TextareaWidget
from unfold.widgets import UnfoldAdminTextInputWidget as TextWidget
from unfold.widgets import UnfoldBooleanWidget as BooleanWidget

from core.admin.actors import actor_name
from core.admin.base import ModelAdmin, ReadOnly
from core.admin.dialogs import DialogForm, answer, dialog_action
from core.admin.exports import Exportable, download
from core.admin.filters import DayRangeFilter
from core.admin.inlines import StackedInline, TabularInline, kept_rows
from core.admin.withdrawal import Withdrawable, WithdrawnFilter
from core.selectors.actors import with_actor_name

__all__ = [
    "BooleanRadioFilter",
    "BooleanWidget",
    "ChoicesDropdownFilter",
    "DayRangeFilter",
    "DecimalWidget",
    "DialogForm",
    "DropdownFilter",
    "Exportable",
    "IntegerWidget",
    "ModelAdmin",
    "PasswordWidget",
    "ReadOnly",
    "RelatedDropdownFilter",
    "SelectWidget",
    "StackedInline",
    "TabularInline",
    "TextWidget",
    "TextareaWidget",
    "Withdrawable",
    "WithdrawnFilter",
    "actor_name",
    "answer",
    "dialog_action",
    "display",
    "download",
    "kept_rows",
    "with_actor_name",
]

from core.admin import audit as _audit  # noqa: F401  # registers the audit trail
