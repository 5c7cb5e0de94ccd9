"""Works on the staff desk: what editions have in common."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from catalog.admin.shown import isbn_cell
from catalog.forms.staff_books import LONGEST_ISBN
from catalog.models import Book, Work
from catalog.selectors import staff_search
from catalog.services import renames, works
from core.admin import DialogForm, ModelAdmin, ReadOnly, TabularInline, TextWidget, dialog_action


class MergeDialog(DialogForm):
    """The other work, by any of its editions."""

    isbn = forms.CharField(
        label=_("ISBN of an edition of the other work"),
        max_length=LONGEST_ISBN,
        widget=TextWidget,
    )


class EditionInline(ReadOnly, TabularInline):
    """The work's editions."""

    model = Book
    verbose_name_plural = _("editions")
    fields = ("title", "isbn", "format", "language", "price")
    ordering = ("pk",)
    show_change_link = True

    @admin.display(description=_("ISBN"))
    def isbn(self, book: Book) -> str:
        """The ISBN as people write it, leading to the edition."""
        page = reverse("admin:catalog_book_change", args=[book.pk])
        return format_html('<a href="{}" class="underline">{}</a>', page, isbn_cell(book.isbn13))


@admin.register(Work)
class WorkAdmin(ModelAdmin):
    """What a writer wrote; found by its own title or by anything its editions are found by."""

    list_display = ("title", "first_published_year")
    search_fields = ("title",)
    search_help_text = _("Title, or an edition's author or ISBN")
    ordering = ("-pk",)
    fields = (("title", "first_published_year"),)
    inlines = (EditionInline,)

    actions_detail = ("merge",)

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        editions = staff_search.books_matching(Book.objects.all(), term).values("work_id")
        return queryset.filter(Q(pk__in=editions) | Q(title__istartswith=term))

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        saved = super().save_with(actor=actor, form=form, formsets=[], change=change)
        if change and form.has_changed():
            renames.follow_work(work_id=saved.pk)
        return saved

    @dialog_action(
        title=_("Merge into another work"),
        question=_("All editions of this work become editions of the other one."),
        permission="change",
        icon="call_merge",
        form=MergeDialog,
    )
    def merge(self, request: HttpRequest, form: Any, object_id: str) -> str:
        """Join this work's editions to those of another."""
        into = staff_search.work_of_isbn(form.cleaned_data["isbn"])
        moved = works.merge_works(work_id=int(object_id), into_id=into.pk, actor_id=request.user.pk)
        return ngettext(
            "%(n)d edition joined “%(work)s”.", "%(n)d editions joined “%(work)s”.", moved
        ) % {
            "n": moved,
            "work": into,
        }
