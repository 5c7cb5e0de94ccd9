"""From the staff desk's form of a book and its inlines to what the service takes, and back."""

from typing import Any

from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from catalog.models import Book, BookContributor, BookGenre
from catalog.services.book_drafts import BookDraft, Credit
from core.admin import TabularInline, kept_rows
from core.ids import is_row_id

# The book whose other edition a new one is to be.
EDITION_OF = "edition_of"
_PLAIN = (
    *("title", "subtitle", "price", "description", "published_on", "published_precision"),
    *("language", "format", "pages", "series_number", "first_published_year", "attributes"),
    *("on_sale_on", "is_preorder_allowed"),
)
_SHARED = ("title", "subtitle", "description", "publisher", "language", "series", "series_number")


class CopiedInline(TabularInline):
    """Rows of a book; of another edition's new one, those of the first to begin with."""

    extra = 0
    copied: tuple[str, ...] = ()

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(self.rows_to_copy(request))

    def rows_to_copy(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the rows that a new edition's form begins with."""
        source = source_of(request)
        if source is None:
            return []
        rows = self.model._default_manager.filter(book=source).order_by("pk")
        return list(rows.values(*self.copied))


def source_of(request: HttpRequest) -> Book | None:
    """Return the book whose other edition is asked for, while the form is first shown."""
    said = request.GET.get(EDITION_OF, "")
    if request.method != "GET" or not is_row_id(said):
        return None
    return Book.objects.filter(pk=said).first()


def shared_facts(source: Book) -> dict[str, Any]:
    """Return what another edition of a book most likely says as well."""
    return {name: source.serializable_value(name) for name in (*_SHARED, "work")}


def draft_from(form: Any, formsets: list[BaseInlineFormSet]) -> BookDraft:
    """Return what a valid form says."""
    said = form.cleaned_data
    return BookDraft(
        isbn=said["isbn13"],
        credits=_credits(formsets),
        genre_ids=tuple(row["genre"].pk for row in _kept(formsets, BookGenre)),
        publisher=said["publisher"].name if said["publisher"] else "",
        series=said["series"].name if said["series"] else "",
        work_id=said["work"].pk if said["work"] else None,
        **{name: said[name] for name in _PLAIN},
    )


def _credits(formsets: list[BaseInlineFormSet]) -> tuple[Credit, ...]:
    rows = sorted(_kept(formsets, BookContributor), key=lambda row: row["position"] or 0)
    return tuple(Credit(name=row["contributor"].name, role=row["role"]) for row in rows)


def _kept(formsets: list[BaseInlineFormSet], model: type[Any]) -> list[dict[str, Any]]:
    """What the inline of a model says."""
    return [row for formset in formsets if formset.model is model for row in kept_rows(formset)]
