"""Staff picks on the staff desk: plain reference data that managers edit."""

from django.contrib import admin

from core.admin import BooleanRadioFilter, ModelAdmin, RelatedDropdownFilter
from engagement.models import StaffPick


@admin.register(StaffPick)
class StaffPickAdmin(ModelAdmin):
    """Recommendations in the booksellers' own words."""

    list_display = ("book", "bookseller", "branch", "picked_on", "position", "is_active")
    list_filter = (("branch", RelatedDropdownFilter), ("is_active", BooleanRadioFilter))
    list_select_related = ("book", "branch")
    search_fields = ("bookseller",)
    ordering = ("position", "-picked_on")
    autocomplete_fields = ("book",)
    fields = ("book", ("bookseller", "branch"), "note", ("picked_on", "position"), "is_active")
    unaudited_fields = ("bookseller",)
