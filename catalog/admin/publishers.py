"""Publishers on the staff desk."""

from typing import Any

from django.contrib import admin

from catalog.admin.names import NamedAdmin
from catalog.models import Publisher
from catalog.services import renames


@admin.register(Publisher)
class PublisherAdmin(NamedAdmin):
    """Publishing houses; one with books cannot be deleted."""

    list_display = ("name",)
    search_fields = ("name__icontains",)
    ordering = ("name",)
    fields = ("name",)
    otherwise = "publisher"

    def let_books_follow(self, obj: Any) -> None:
        renames.follow_publisher(publisher_id=obj.pk)
