"""Works on the staff desk: what editions have in common."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.shown import isbn_cell
from catalog.models import Book, Work
from catalog.selectors import staff_search
from core.admin import ModelAdmin, ReadOnly, TabularInline


class EditionInline(ReadOnly, TabularInline):
    """The work's editions."""

    model = Book
    verbose_name_plural = _("editions")
    fields = ("title", "isbn", "format", "language", "price")
    ordering = ("pk",)
    show_change_link = True

    @admin.display(description=_("ISBN"))
    def isbn(self, book: Book) -> str:
        """The ISBN as people write it."""
        return isbn_cell(book.isbn13)


@admin.register(Work)
class WorkAdmin(ModelAdmin):
    """What a writer wrote; found by its own title or by anything its editions are found by."""

    list_display = ("title", "first_published_year")
    search_fields = ("title",)
    search_help_text = _("Title, or an edition's author or ISBN")
    ordering = ("-pk",)
    fields = (("title", "first_published_year"),)
    inlines = (EditionInline,)

    def search_with(self, request: HttpRequest, queryset: QuerySet, term: str) -> QuerySet:
        editions = staff_search.books_matching(Book.objects.all(), term).values("work_id")
        return queryset.filter(Q(pk__in=editions) | Q(title__istartswith=term))

    def save_with(self, *, actor: Any, form: Any, formsets: list[Any], change: bool) -> Any:
        return super().save_with(actor=actor, form=form, formsets=[], change=change)
