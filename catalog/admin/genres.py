"""Genres on the staff desk: a tree, shown as an outline."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin.filters import NOWHERE
from catalog.admin.genre_codes import GenreCodeInline
from catalog.models import Genre
from catalog.selectors import genre_outline
from catalog.selectors import genres as genre_selectors
from catalog.services import genre_codes, genres
from core.admin import (
    DialogForm,
    ModelAdmin,
    SelectWidget,
    Withdrawable,
    WithdrawnFilter,
    dialog_action,
    kept_rows,
)


class MergeDialog(DialogForm):
    """The other genre, out of the whole tree."""

    into = forms.TypedChoiceField(label=_("Into"), coerce=int, widget=SelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = genre_outline.outline()
        self.fields["into"].choices = [(row.id, row.indented) for row in tree]


@admin.register(Genre)
class GenreAdmin(Withdrawable, ModelAdmin):
    """The tree in its own order, each genre below the one it is part of."""

    list_filter = (WithdrawnFilter,)
    search_fields = ("name__icontains",)
    list_per_page = 500
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    fields = (("name", "slug"), ("parent", "position"))
    inlines = (GenreCodeInline,)
    actions = (*Withdrawable.actions, "move_up", "move_down")
    actions_detail = (*Withdrawable.actions_detail, "merge")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Said by name, for the list adds orders of its own.
        return Genre.objects.in_order().order_by("tree_ordering")  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Tell how many books are nowhere in the tree; count the books of each genre once."""
        request.book_counts = genre_selectors.book_counts()  # type: ignore[attr-defined]
        nowhere = genre_selectors.books_without_genre()
        if nowhere and request.method == "GET":
            books = f"{reverse('admin:catalog_book_changelist')}?genre={NOWHERE}"
            said = ngettext("%d book is without a genre.", "%d books are without a genre.", nowhere)
            link = format_html('<a href="{}" class="underline">{}</a>', books, said % nowhere)
            messages.info(request, link)
        return super().changelist_view(request, extra_context)

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """The list's columns; the count looks at what was counted for this request."""

        @admin.display(description=_("books"))
        def books(genre: Any) -> int:
            return getattr(request, "book_counts", {}).get(genre.pk, 0)

        return ("indented", "slug", books)

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        said = form.cleaned_data
        changes: genres.GenreChanges = {
            "name": said["name"],
            "slug": said["slug"],
            "position": said["position"],
            "parent_id": said["parent"].pk if said["parent"] else None,
        }
        if change:
            saved = genres.change_genre(
                genre_id=form.instance.pk, changes=changes, may_be_withdrawn=True, actor_id=actor.pk
            )
        else:
            saved = genres.create_genre(**changes, actor_id=actor.pk)
        for codes in formsets:
            wanted = [(row["scheme"], row["code"]) for row in kept_rows(codes)]
            genre_codes.set_codes(genre_id=saved.pk, codes=wanted, actor_id=actor.pk)
        return saved

    def withdraw_with(self, *, actor: Any, obj: Any) -> None:
        genres.withdraw_genre(genre_id=obj.pk, actor_id=actor.pk)

    def put_back_with(self, *, actor: Any, obj: Any) -> None:
        genres.restore_genre(genre_id=obj.pk, actor_id=actor.pk)

    @admin.action(description=_("Move up"), permissions=["change"])
    def move_up(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Put each ticked genre before the one above it."""
        for genre in queryset:
            genres.shift_genre(genre_id=genre.pk, steps=-1, actor_id=request.user.pk)

    @admin.action(description=_("Move down"), permissions=["change"])
    def move_down(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Put each ticked genre behind the one below it, the last of them first."""
        for genre in reversed(queryset):
            genres.shift_genre(genre_id=genre.pk, steps=1, actor_id=request.user.pk)

    @dialog_action(
        title=_("Merge into another genre"),
        question=_("Its books and subject codes move to the other genre, and it is withdrawn."),
        permission="change",
        icon="call_merge",
        form=MergeDialog,
        danger=True,
    )
    def merge(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Move this genre's books to another."""
        moved = genres.merge_genre(
            genre_id=int(object_id),
            into_id=form.cleaned_data["into"],
            actor_id=request.user.pk,
        )
        return ngettext("%d book moved.", "%d books moved.", moved) % moved

    @admin.display(description=_("name"))
    def indented(self, genre: Any) -> str:
        """The name, as deep as the genre stands."""
        return f"{genre_outline.INDENT * genre.tree_depth}{genre.name}"
