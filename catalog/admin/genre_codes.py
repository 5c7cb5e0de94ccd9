"""Subject codes on the staff desk: on the page of their genre, and as a list."""

from django.contrib import admin

from catalog.forms.genre_codes import GenreCodeForm
from catalog.models import GenreCode
from core.admin import ChoicesDropdownFilter, ModelAdmin, TabularInline


class GenreCodeInline(TabularInline):
    """The codes that lead to a genre."""

    model = GenreCode
    form = GenreCodeForm
    fields = ("scheme", "code")
    extra = 0


@admin.register(GenreCode)
class GenreCodeAdmin(ModelAdmin):
    """Which genre a feed's code means; the longest that a code begins with counts."""

    form = GenreCodeForm
    list_display = ("code", "scheme", "genre")
    list_filter = (("scheme", ChoicesDropdownFilter),)
    list_select_related = ("genre",)
    search_fields = ("code__istartswith", "genre__name__icontains")
    ordering = ("scheme", "code")
    autocomplete_fields = ("genre",)
    fields = (("scheme", "code"), "genre")
