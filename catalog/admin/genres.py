"""Genres on the staff desk: a tree, shown as an outline."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import Genre
from catalog.services import genres
from core.admin import ModelAdmin, Withdrawable, WithdrawnFilter

INDENT = "\u2003"


@admin.register(Genre)
class GenreAdmin(Withdrawable, ModelAdmin):
    """The tree in its own order, each genre below the one it is part of."""

    list_display = ("indented", "slug", "position")
    list_filter = (WithdrawnFilter,)
    search_fields = ("name__icontains",)
    list_per_page = 500
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    fields = (("name", "slug"), ("parent", "position"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Said by name, for the list adds orders of its own.
        return Genre.objects.in_order().order_by("tree_ordering")  # type: ignore[misc]

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        said = form.cleaned_data
        wanted: genres.GenreChanges = {
            "name": said["name"],
            "slug": said["slug"],
            "position": said["position"],
            "parent_id": said["parent"].pk if said["parent"] else None,
        }
        if change:
            return genres.change_genre(genre_id=form.instance.pk, changes=wanted, actor_id=actor.pk)
        return genres.create_genre(**wanted, actor_id=actor.pk)

    def withdraw_with(self, *, actor: Any, obj: Any) -> None:
        genres.withdraw_genre(genre_id=obj.pk, actor_id=actor.pk)

    def put_back_with(self, *, actor: Any, obj: Any) -> None:
        genres.restore_genre(genre_id=obj.pk, actor_id=actor.pk)

    @admin.display(description=_("name"))
    def indented(self, genre: Any) -> str:
        """The name, as deep as the genre stands."""
        return f"{INDENT * genre.tree_depth}{genre.name}"
