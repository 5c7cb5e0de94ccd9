"""The staff desk's base classes. Falling back to Django's own admin is a change of this file."""

from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.admin import StackedInline, TabularInline

__all__ = ["ModelAdmin", "StackedInline", "TabularInline"]


class ModelAdmin(UnfoldModelAdmin):
    """Defaults for long tables: no second count, a page of fifty, filters that apply together."""

    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    compressed_fields = True
