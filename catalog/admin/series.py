"""Series on the staff desk."""

from typing import Any

from django.contrib import admin

from catalog.admin.names import NamedAdmin
from catalog.models import Series
from catalog.services import renames


@admin.register(Series)
class SeriesAdmin(NamedAdmin):
    """Series of books; one with books cannot be deleted."""

    list_display = ("name",)
    search_fields = ("name__icontains",)
    ordering = ("name",)
    fields = ("name",)
    otherwise = "series"

    def let_books_follow(self, obj: Any) -> None:
        renames.follow_series(series_id=obj.pk)
