"""Genres on the staff desk: a tree, shown as an outline."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import Genre
from catalog.selectors import genre_outline
from catalog.services import genres, renames
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
        rows = genre_outline.outline()
        in_order = Genre.objects.annotate(
            place=_by_id({row.id: row.place for row in rows}),
            depth=_by_id({row.id: row.depth for row in rows}),
        )
        return in_order.order_by("place")

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        said = form.cleaned_data
        parent_id = said["parent"].pk if said["parent"] else None
        if not change:
            return genres.create_genre(
                name=said["name"],
                slug=said["slug"],
                parent_id=parent_id,
                position=said["position"],
                actor_id=actor.pk,
            )
        # The place in the tree is the service's, which locks every genre: before any one of them
        # and any book is locked. The default save then stores the plain fields.
        genres.move_genre(genre_id=form.instance.pk, parent_id=parent_id, actor_id=actor.pk)
        saved = super().save_with(actor=actor, form=form, formsets=formsets, change=change)
        if "name" in form.changed_data:
            renames.follow_genre(genre_id=saved.pk)
        return saved

    def withdraw_with(self, *, actor: Any, obj: Any) -> None:
        genres.withdraw_genre(genre_id=obj.pk, actor_id=actor.pk)

    def put_back_with(self, *, actor: Any, obj: Any) -> None:
        genres.restore_genre(genre_id=obj.pk, actor_id=actor.pk)

    @admin.display(description=_("name"))
    def indented(self, genre: Any) -> str:
        """The name, as deep as the genre stands."""
        return f"{INDENT * genre.depth}{genre.name}"


def _by_id(values: dict[int, int]) -> Case:
    whens = [When(pk=genre_id, then=Value(value)) for genre_id, value in values.items()]
    return Case(*whens, default=Value(0), output_field=IntegerField())
